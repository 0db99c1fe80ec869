import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import WebServing

@Suite struct ConnectionDeadlinesTests {
    private func head(_ path: String = "/v1/events") -> HTTPServerRequestPart {
        .head(HTTPRequestHead(version: .http1_1, method: .POST, uri: path))
    }

    @Test(arguments: ["/login", "/login/abc", "/logout", "/csp-reports", "/csp-reports?a"])
    func strangersHaveFiveSecondsForABody(_ path: String) throws {
        let channel = EmbeddedChannel(handler: ConnectionDeadlines())
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(head(path))
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(4900))
        try channel.throwIfErrorCaught()
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(100))
        #expect(throws: BodyTimedOut.self) { try channel.throwIfErrorCaught() }
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!channel.isActive)
    }

    private func part(_ byte: UInt8) -> HTTPServerRequestPart {
        .body(ByteBuffer(bytes: [byte]))
    }

    @Test func aBodyHasThirtySecondsInAll() throws {
        let channel = EmbeddedChannel(handler: ConnectionDeadlines())
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(head())
        for _ in 0..<29 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try channel.writeInbound(part(1))
        }
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(throws: BodyTimedOut.self) { try channel.throwIfErrorCaught() }
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(2))
        #expect(!channel.isActive)
    }

    @Test func aWholeBodyEndsTheWait() throws {
        let channel = EmbeddedChannel(handler: ConnectionDeadlines())
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.writeInbound(head())
        try channel.writeInbound(part(1))
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        try channel.writeInbound(HTTPServerRequestPart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .seconds(100))
        try channel.throwIfErrorCaught()
        #expect(channel.isActive)
        _ = try channel.finish()
    }

    @Test func aClientThatDoesNotReadIsCutOff() throws {
        let channel = EmbeddedChannel(handler: ConnectionDeadlines())
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(channel.isActive)
        channel.isWritable = true
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(60))
        #expect(channel.isActive)
        channel.isWritable = false
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.advanceTime(by: .seconds(30))
        #expect(!channel.isActive)
    }
}

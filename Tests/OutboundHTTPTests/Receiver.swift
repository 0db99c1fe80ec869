import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A receiver on the loopback interface that behaves as a test tells it to, well or badly.
final class Receiver: Sendable {
    typealias Script = @Sendable (PageContext) -> Void

    private struct Log {
        var connections = 0
        var requests: [String] = []
        var open: [ObjectIdentifier: any NIOCore.Channel] = [:]
    }

    let port: Int
    private let channel: any NIOCore.Channel
    private let log: LogBox

    private final class LogBox: Sendable {
        let log = Mutex(Log())
    }

    /// `script` runs for every complete request; without one the receiver answers 200.
    static func start(
        host: String = "127.0.0.1", port: Int = 0, tls: NIOSSLContext? = nil,
        script: @escaping Script = { $0.answer() }, onConnect: Script? = nil
    ) async throws -> Receiver {
        let box = LogBox()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                let number = box.log.withLock { log in
                    log.connections += 1
                    log.open[ObjectIdentifier(channel)] = channel
                    return log.connections
                }
                channel.closeFuture.whenComplete { _ in
                    box.log.withLock { $0.open[ObjectIdentifier(channel)] = nil }
                }
                return channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(
                        RequestReader(connection: number, onConnect: onConnect) { visit in
                            box.log.withLock { $0.requests.append(visit.request) }
                            script(visit)
                        })
                }
            }
            .bind(host: host, port: port).get()
        return Receiver(channel, box)
    }

    private init(_ channel: any NIOCore.Channel, _ log: LogBox) {
        self.channel = channel
        self.log = log
        port = channel.localAddress?.port ?? 0
    }

    /// How many connections were ever opened.
    var connections: Int { log.log.withLock { $0.connections } }

    /// How many connections are open now.
    var openConnections: Int { log.log.withLock { $0.open.count } }

    /// Every request as received, head and body.
    var requests: [String] { log.log.withLock { $0.requests } }

    func closeConnections() async {
        let open = log.log.withLock { Array($0.open.values) }
        for channel in open { try? await channel.close() }
    }

    func stop() async {
        try? await channel.close()
        await closeConnections()
    }
}

/// One request and its connection.
struct PageContext: Sendable {
    /// Counts from 1.
    let connection: Int
    /// Counts from 1 on each connection.
    let number: Int
    let request: String
    let channel: any NIOCore.Channel

    func answer(_ status: String = "200 OK", _ body: String = "ok", headers: [String] = []) {
        let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)"] + headers
        write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    func write(_ text: String) {
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }

    func write(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    func close() {
        channel.close(promise: nil)
    }

    /// Closes with RST.
    func reset() {
        let linger = linger(l_onoff: 1, l_linger: 0)
        (channel as? any SocketOptionProvider)?.setSoLinger(linger).whenComplete { _ in close() }
    }

    /// Writes a text byte by byte, over and over.
    func drip(_ text: String, every interval: TimeAmount) {
        let bytes = Array(text.utf8)
        let channel = channel
        let position = Counter()
        let task = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: interval) { _ in
            let index = position.next() % bytes.count
            channel.writeAndFlush(ByteBuffer(bytes: [bytes[index]]), promise: nil)
        }
        channel.closeFuture.whenComplete { _ in task.cancel() }
    }

    /// Writes a text over and over, as fast as it is read.
    func flood(_ text: String) {
        let channel = channel
        let buffer = ByteBuffer(string: text)
        channel.writeAndFlush(buffer).whenSuccess { flood(text) }
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}

/// Collects bytes until a request is complete.
private final class RequestReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let connection: Int
    private let onConnect: Receiver.Script?
    private let script: Receiver.Script
    private var text = ""
    private var count = 0

    init(connection: Int, onConnect: Receiver.Script?, script: @escaping Receiver.Script) {
        self.connection = connection
        self.onConnect = onConnect
        self.script = script
    }

    func channelActive(context: ChannelHandlerContext) {
        onConnect?(PageContext(connection: connection, number: 0, request: "", channel: context.channel))
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: Self.unwrapInboundIn(data))
        while let end = wholeRequest() {
            let request = String(text[..<end])
            text = String(text[end...])
            count += 1
            script(PageContext(connection: connection, number: count, request: request, channel: context.channel))
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func wholeRequest() -> String.Index? {
        guard let head = text.range(of: "\r\n\r\n") else { return nil }
        let lengthLine = text[..<head.lowerBound].split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
        let length = lengthLine.flatMap { Int($0.dropFirst("Content-Length: ".count)) } ?? 0
        return text.utf8.index(head.upperBound, offsetBy: length, limitedBy: text.utf8.endIndex)
    }
}

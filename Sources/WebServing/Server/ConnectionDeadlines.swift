import NIOCore
import NIOHTTP1
import Notifications

/// The body did not arrive within its deadline.
struct BodyTimedOut: Error {}

/// Closes connections of clients that send their body a byte at a time or never read the response. Hummingbird's idle
/// timeout catches neither, because each byte of a body and a request in progress count as activity. (It does catch
/// slow heads.)
final class ConnectionDeadlines: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    struct Limits: Sendable {
        /// From the head to the end of the body.
        var body: TimeAmount = .seconds(30)
        /// The same for clients that have not authenticated.
        var strangersBody: TimeAmount = .seconds(5)
        /// How long data that does not fit the connection's buffer may wait to be sent.
        var stalledWrite: TimeAmount = .seconds(30)
        /// Left for the response after the body's deadline.
        var farewell: TimeAmount = .seconds(2)
    }

    private let limits: Limits
    private var isReadingBody = false
    private var isForStrangers = false
    private var bodyTimer: Scheduled<Void>?
    private var writeTimer: Scheduled<Void>?

    init(limits: Limits = Limits()) {
        self.limits = limits
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isReadingBody = true
            isForStrangers = SpecialPaths.isForStrangers(String(head.uri.pieces(between: "?", atMost: 2)[0]))
        case .body: break
        case .end:
            isReadingBody = false
            bodyTimer?.cancel()
            bodyTimer = nil
        }
        context.fireChannelRead(data)
    }

    /// Most requests arrive whole in one read; only the others need a timer.
    func channelReadComplete(context: ChannelHandlerContext) {
        if isReadingBody, bodyTimer == nil {
            let time = isForStrangers ? limits.strangersBody : limits.body
            bodyTimer = schedule(context, in: time) { handler in handler.endBody(context) }
        }
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeTimer?.cancel()
        writeTimer = nil
        if !context.channel.isWritable {
            writeTimer = schedule(context, in: limits.stalledWrite) { _ in context.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimers()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cancelTimers()
    }

    private func endBody(_ context: ChannelHandlerContext) {
        bodyTimer = schedule(context, in: limits.farewell) { _ in context.close(promise: nil) }
        context.fireErrorCaught(BodyTimedOut())
    }

    private func schedule(
        _ context: ChannelHandlerContext, in time: TimeAmount, _ act: @escaping (ConnectionDeadlines) -> Void
    ) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { act(self) }
    }

    private func cancelTimers() {
        bodyTimer?.cancel()
        writeTimer?.cancel()
    }
}

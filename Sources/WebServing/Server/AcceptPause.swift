import NIOCore

/// Stops accepting for a moment when no connection can be opened, such as when the table of open files is full. Otherwise
/// the listening socket would stay ready to be read, and its event loop would ask in vain without a rest: NIO's
/// `AcceptBackoffHandler` only delays what it is asked to read.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private static let moment = TimeAmount.milliseconds(250)

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.fireErrorCaught(error)
        guard error is IOError, let options = context.channel.syncOptions else { return }
        try? options.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.moment) {
            try? options.setOption(.autoRead, value: true)
        }
    }
}

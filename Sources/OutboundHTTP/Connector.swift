import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Notifications

/// Opens connections to checked addresses.
struct Connector: Sendable {
    let group: any EventLoopGroup
    let tls: TLSContexts
    let limits: OutboundLimits

    /// A connection keeps its last read buffer, and answers are short: NIO's default would grow to 64 KiB for each.
    private static let readBuffers = AdaptiveRecvByteBufferAllocator(minimum: 512, initial: 1024, maximum: 4096)

    /// A new connection and how long each part took.
    struct Made: Sendable {
        let connection: Connection
        let connect: Duration
        let tls: Duration?
    }

    func connect(to target: DialTarget, by deadline: NIODeadline) async throws(TransportFailure) -> Made {
        let started = NIODeadline.now()
        let attempt = ConnectionAttempt()
        do throws(TransportFailure) {
            let context = try tls.context(for: target.tls)
            let open = try await open(target, context, attempt, by: deadline)
            let connected = Duration(since: started)
            guard let secured = open.secured else {
                return Made(connection: open.connection, connect: connected, tls: nil)
            }
            if case .failure(let error) = await secured.outcome(by: deadline) { throw FailureReading.securing(error) }
            return Made(connection: open.connection, connect: connected, tls: Duration(since: started) - connected)
        } catch {
            attempt.giveUp()
            throw error
        }
    }

    private func open(
        _ target: DialTarget, _ context: NIOSSLContext, _ attempt: ConnectionAttempt, by deadline: NIODeadline
    ) async throws(TransportFailure) -> ConnectionAttempt.Open {
        guard let address = try? target.socketAddress() else {
            throw .connecting("The address cannot be connected to.")
        }
        let connecting = bootstrap(target, context, attempt, by: deadline).connect(to: address).map(\.remoteAddress)
        switch await connecting.outcome(by: deadline) {
        case .success(let remote):
            // The peer must be the address we asked for: this detects redirection on this machine. If the receiver has
            // already closed, there is no peer address, and nothing is sent either.
            guard remote == nil || remote == address, let open = attempt.open else {
                throw .refused("The connection does not lead to the checked address.")
            }
            return open
        case .failure(let error): throw FailureReading.connecting(error)
        }
    }

    private func bootstrap(
        _ target: DialTarget, _ context: NIOSSLContext, _ attempt: ConnectionAttempt, by deadline: NIODeadline
    ) -> ClientBootstrap {
        ClientBootstrap(group: group)
            .channelOption(.recvAllocator, value: Self.readBuffers)
            .connectTimeout(max(deadline - .now(), .nanoseconds(1)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    attempt.began(try addHandlers(to: channel, target, context))
                }
            }
    }

    /// Must be called on the channel's event loop.
    private func addHandlers(
        to channel: any NIOCore.Channel, _ target: DialTarget, _ context: NIOSSLContext
    ) throws -> ConnectionAttempt.Open {
        let pipeline = channel.pipeline.syncOperations
        var secured: EventLoopPromise<Void>?
        if target.scheme == .https {
            try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: target.serverName))
            secured = channel.eventLoop.makePromise()
        }
        let counter = WireCounter(limit: limits.wireBytes)
        let handler = ExchangeHandler(
            limits: limits, counter: counter, secured: secured, serverName: target.serverName)
        try pipeline.addHandlers(
            counter, WireRequestSender(),
            ByteToMessageHandler(
                HTTPResponseDecoder(informationalResponseStrategy: .forward, limitConfiguration: limits.decoding)),
            handler)
        let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        return ConnectionAttempt.Open(
            connection: Connection(channel: channel, target: target, handler: bound), secured: secured?.futureResult)
    }
}

extension OutboundLimits {
    fileprivate var decoding: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headBytes
        limits.maxHeaderListSize = headBytes
        limits.maxHeaderFieldCount = headFields
        return limits
    }
}

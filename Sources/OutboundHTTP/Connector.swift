import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Notifications
import Synchronization

/// Makes connections to checked addresses.
struct Connector: Sendable {
    let group: any EventLoopGroup
    let tls: NIOSSLContext
    let limits: OutboundLimits

    /// A new connection and how long its parts took.
    struct Made: Sendable {
        let connection: Connection
        let connect: Duration
        let tls: Duration?
    }

    func connect(to target: DialTarget, by deadline: NIODeadline) async throws(TransportFailure) -> Made {
        let started = NIODeadline.now()
        let opened = OpenedChannel()
        do throws(TransportFailure) {
            let ready = try await open(target, opened, by: deadline)
            let connected = Duration(since: started)
            guard let secured = ready.secured else {
                return Made(connection: ready.connection, connect: connected, tls: nil)
            }
            if case .failure(let error) = await secured.outcome(by: deadline) { throw FailureReading.securing(error) }
            return Made(connection: ready.connection, connect: connected, tls: Duration(since: started) - connected)
        } catch {
            opened.close()
            throw error
        }
    }

    private func open(
        _ target: DialTarget, _ opened: OpenedChannel, by deadline: NIODeadline
    ) async throws(TransportFailure) -> Ready {
        guard let address = try? target.socketAddress() else { throw .connecting("The address cannot be dialled.") }
        let connecting = bootstrap(target, opened, by: deadline).connect(to: address).flatMapThrowing { channel in
            // The system was told where to connect; whoever redirects connections on this machine shows here.
            guard channel.remoteAddress == address else { throw RemoteAddressDiffers() }
            return try Ready(channel, target)
        }
        switch await connecting.outcome(by: deadline) {
        case .success(let ready): return ready
        case .failure(is RemoteAddressDiffers): throw .refused("The connection leads elsewhere than to the checked address.")
        case .failure(let error): throw FailureReading.connecting(error)
        }
    }

    private func bootstrap(_ target: DialTarget, _ opened: OpenedChannel, by deadline: NIODeadline) -> ClientBootstrap {
        ClientBootstrap(group: group)
            .connectTimeout(max(deadline - .now(), .nanoseconds(1)))
            .channelInitializer { channel in
                opened.set(channel)
                return channel.eventLoop.makeCompletedFuture { try addHandlers(to: channel, target) }
            }
    }

    private func addHandlers(to channel: any NIOCore.Channel, _ target: DialTarget) throws {
        let pipeline = channel.pipeline.syncOperations
        var secured: EventLoopPromise<Void>?
        if target.scheme == .https {
            try pipeline.addHandler(NIOSSLClientHandler(context: tls, serverHostname: target.serverName))
            secured = channel.eventLoop.makePromise()
        }
        var decoding = NIOHTTPDecoderLimitConfiguration()
        decoding.maxHeaderFieldSize = limits.headBytes
        decoding.maxHeaderListSize = limits.headBytes
        decoding.maxHeaderFieldCount = limits.headFields
        let counter = WireCounter(limit: limits.wireBytes)
        try pipeline.addHandlers(
            counter,
            HTTPRequestEncoder(),
            ByteToMessageHandler(
                HTTPResponseDecoder(informationalResponseStrategy: .forward, limitConfiguration: decoding)),
            ExchangeHandler(limits: limits, counter: counter, secured: secured))
    }
}

private struct RemoteAddressDiffers: Error {}

/// A connected channel; with TLS its handshake may still be under way.
private struct Ready: Sendable {
    let connection: Connection
    let secured: EventLoopFuture<Void>?

    /// On the channel's event loop.
    init(_ channel: any NIOCore.Channel, _ target: DialTarget) throws {
        let handler = try channel.pipeline.syncOperations.handler(type: ExchangeHandler.self)
        connection = Connection(
            channel: channel, target: target, handler: NIOLoopBound(handler, eventLoop: channel.eventLoop))
        secured = handler.whenSecured
    }
}

/// The channel of a connection attempt, from its first moment on, so that giving up closes it at once.
private final class OpenedChannel: Sendable {
    private let channel = Mutex<(any NIOCore.Channel)?>(nil)

    func set(_ channel: any NIOCore.Channel) {
        self.channel.withLock { $0 = channel }
    }

    func close() {
        channel.withLock { $0 }?.close(promise: nil)
    }
}

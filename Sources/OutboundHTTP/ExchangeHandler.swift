import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS
import Notifications

/// Writes requests one after the other and collects their answers. Runs on the connection's event loop.
final class ExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let limits: OutboundLimits
    private let counter: WireCounter
    /// Completed after the TLS handshake; nil without TLS.
    private let secured: EventLoopPromise<Void>?

    /// The name that the certificate must have; nil if NIOSSL has checked it for the address.
    private let serverName: String?
    private var context: ChannelHandlerContext?
    private var running: RunningExchange?
    private var isReused = false
    /// Why the connection ended before its first request. In TLS 1.3 a receiver refuses our certificate only after the
    /// handshake, from our point of view.
    private var earlyFailure: TransportFailure?

    init(limits: OutboundLimits, counter: WireCounter, secured: EventLoopPromise<Void>?, serverName: String?) {
        self.limits = limits
        self.counter = counter
        self.secured = secured
        self.serverName = serverName
    }

    func begin(
        _ request: WireRequest, by deadline: NIODeadline, _ done: @escaping (Result<Reply, ExchangeFailure>) -> Void
    ) {
        guard let context, context.channel.isActive, running == nil else {
            return done(.failure(isReused ? .stale : .failed(earlyFailure ?? .disconnected)))
        }
        counter.reset()
        let timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.deadlineCame() }
        running = RunningExchange(request, done: done, timer: timer, limits: limits)
        write(request, context)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        secured?.fail(ChannelError.eof)
        finish(.failure(.failed(.disconnected)))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { checkCertificate(context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func checkCertificate(_ context: ChannelHandlerContext) {
        guard let serverName else {
            secured?.succeed()
            return
        }
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        if certificate?.names(serverName) == true {
            secured?.succeed()
        } else {
            secured?.fail(CertificateForAnotherName())
            context.close(promise: nil)
        }
    }

    /// Whether the receiver's certificate was refused because its time is over. BoringSSL tells only that it was refused.
    private func hasExpired(_ error: any Error, _ context: ChannelHandlerContext) -> Bool {
        guard FailureReading.isUntrusted(error),
            let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        else { return false }
        return Int64(certificate.notValidAfter) < Timestamp.now.seconds
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Unsolicited data, or the rest of a body that was cut.
        guard running != nil else { return context.close(promise: nil) }
        switch Self.unwrapInboundIn(data) {
        case .head(let head): read(head)
        case .body(let bytes):
            if running?.append(bytes) == .full { finishAnswered(isReusable: false) }
        case .end:
            finishAnswered(isReusable: true)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.failure(.failed(.disconnected)))
        secured?.fail(ChannelError.eof)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        secured?.fail(hasExpired(error, context) ? CertificateExpired() : error)
        // A peer that ends TLS without a close notification: whether the answer is complete shows when the connection
        // closes.
        guard !FailureReading.isUncleanEnd(error) else { return }
        let failure = FailureReading.failure(of: error)
        if running == nil { earlyFailure = failure }
        finish(.failure(.failed(failure)))
        context.close(promise: nil)
    }

    /// Of the head, only the method is read (`WireRequestSender`).
    private func write(_ request: WireRequest, _ context: ChannelHandlerContext) {
        let head = HTTPRequestHead(version: .http1_1, method: request.method, uri: "")
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        let sent = context.eventLoop.makePromise(of: Void.self)
        sent.futureResult.assumeIsolated().whenSuccess { self.running?.sentAt = .now() }
        context.writeAndFlush(Self.wrapOutboundOut(.body(.byteBuffer(request.bytes))), promise: sent)
    }

    private func read(_ head: HTTPResponseHead) {
        if head.status.code == 101 {
            return failAndClose(.malformed("The receiver tried to switch to another protocol."))
        }
        guard head.status.code < 200 else {
            running?.head = head
            running?.headAt = .now()
            running?.arrivedAt = .now
            return
        }
        running?.informationalAnswers += 1
        if let count = running?.informationalAnswers, count > limits.informationalAnswers {
            failAndClose(.malformed("The receiver sent too many informational responses."))
        }
    }

    private func deadlineCame() {
        guard let running else { return }
        failAndClose(.timedOut(running.phase))
    }

    private func finishAnswered(isReusable: Bool) {
        guard let reply = running?.reply(isReusable: isReusable) else { return }
        // In this order: closing makes the channel inactive at once, which would end the exchange without its answer.
        finish(.success(reply))
        if !reply.isReusable { context?.close(promise: nil) }
    }

    private func failAndClose(_ failure: TransportFailure) {
        finish(.failure(.failed(failure)))
        context?.close(promise: nil)
    }

    private func finish(_ result: Result<Reply, ExchangeFailure>) {
        guard let running else { return }
        self.running = nil
        isReused = true
        running.timer.cancel()
        running.done(result)
    }
}

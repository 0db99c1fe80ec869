import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Notifications
import Synchronization

/// A receiver for the three kinds. It answers like Slack and HipChat, checks signatures, and prints what it receives.
final class Receiver: Sendable {
    private let check: SignatureCheck
    /// The status to answer instead of success, to try out retries.
    private let forcedStatus: Int?
    private let onArrival: @Sendable (Arrival) -> Void
    private let seen = Mutex<Set<ForeignText>>([])

    init(secret: SigningSecret? = nil, forcedStatus: Int? = nil, onArrival: @escaping @Sendable (Arrival) -> Void) {
        check = SignatureCheck(secret: secret)
        self.forcedStatus = forcedStatus
        self.onArrival = onArrival
    }

    /// Creates the server without starting it.
    func application(
        on address: ListenAddress, onRunning: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        return Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in try await self.answer(request) },
            configuration: .init(address: .hostname(address.host, port: address.port), serverName: nil),
            onServerRunning: { await onRunning($0.localAddress?.port ?? address.port) },
            logger: logger)
    }

    private func answer(_ request: Request) async throws -> Response {
        let body = try await request.body.collect(upTo: 1 << 20)
        let arrival = arrival(request, Array(body.readableBytesView))
        onArrival(arrival)
        if let forcedStatus { return Response(status: .init(code: forcedStatus)) }
        if arrival.signature == .wrong || arrival.signature == .missing || arrival.signature == .stale {
            return Response(status: .unauthorized)
        }
        return Self.success(arrival.service)
    }

    private func arrival(_ request: Request, _ body: [UInt8]) -> Arrival {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        let service = Arrival.Service(path: request.uri.path)
        let now = Clock.now
        return Arrival(
            at: now, service: service, path: request.uri.path, headers: headers, body: body,
            signature: service == .webhook ? check.result(headers: headers, body: body, at: now) : .unchecked,
            isRepeat: headers["webhook-id"].map(isKnown) ?? false)
    }

    /// Remembers the id. Forgets all of them before there are too many: this receiver is for looking, not for keeping.
    private func isKnown(_ id: String) -> Bool {
        seen.withLock { seen in
            if seen.count >= 100_000 { seen.removeAll() }
            return !seen.insert(ForeignText(id)).inserted
        }
    }

    /// What the services answer on success (docs/cli.md).
    private static func success(_ service: Arrival.Service) -> Response {
        switch service {
        case .slack:
            return Response(
                status: .ok, headers: [.contentType: "text/html"], body: .init(byteBuffer: ByteBuffer(string: "ok")))
        case .hipchat:
            var headers = HTTPFields()
            for (name, value) in [("X-Ratelimit-Limit", "500"), ("X-Ratelimit-Remaining", "499")] {
                if let name = HTTPField.Name(name) { headers[name] = value }
            }
            return Response(status: .noContent, headers: headers)
        case .webhook:
            return Response(status: .ok)
        }
    }
}

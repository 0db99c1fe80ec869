import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Notifications
import ServiceLifecycle

/// A receiver that stands in for the services of all kinds. It answers as they do, checks signatures, and prints what
/// it receives.
final class Receiver: Sendable {
    /// What to play.
    struct Role: Sendable {
        /// The only service; nil to tell by the path.
        var service: (any ServiceDouble)?
        /// What to answer instead of success, to try out retries.
        var failure: ForcedFailure?
        /// The bare status to answer instead of success.
        var status: Int?
        /// Whether nothing is answered at all.
        var hangs = false
    }

    private let check: SignatureCheck
    private let role: Role
    private let onArrival: @Sendable (Arrival) -> Void
    private let known = KnownIDs()
    private let counter = RequestCounter()
    private let messages = MessageBook()

    init(secret: SigningSecret? = nil, role: Role = Role(), onArrival: @escaping @Sendable (Arrival) -> Void) {
        check = SignatureCheck(secret: secret)
        self.role = role
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
        let answer = respond(to: ReceivedRequest(request, Array(body.readableBytesView)), at: Clock.now)
        if role.hangs { try await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(3600)) } }
        return answer.response
    }

    /// Prints a request and decides its answer.
    func respond(to request: ReceivedRequest, at now: Timestamp) -> CannedAnswer {
        let service = role.service ?? ServiceDoubles.addressee(of: request)
        let isSigned = service.kind.sameBytes(as: WebHook().id)
        let signature = isSigned ? check.result(headers: request.headers, body: request.body, at: now) : .unchecked
        let answer = answer(to: request, of: service, signature, at: now)
        onArrival(
            Arrival(
                at: now, service: service, request: request, signature: signature,
                isRepeat: Self.identity(of: request).map(known.isKnown) ?? false,
                status: role.hangs ? nil : answer.status))
        return answer
    }

    private func answer(
        to request: ReceivedRequest, of service: any ServiceDouble, _ signature: SignatureCheck.Result,
        at now: Timestamp
    ) -> CannedAnswer {
        if let status = role.status { return .bare(status) }
        if let failure = role.failure { return service.failure(failure, to: request) }
        if [.wrong, .missing, .stale].contains(signature) { return .bare(401) }
        if let limit = service.limit, !counter.takes(request.path, at: now, limit: limit) {
            return service.failure(.rateLimited, to: request)
        }
        if let complaint = service.complaint(about: request) { return complaint }
        guard let service = service as? any ThreadingDouble else { return service.success(request) }
        return messages.answer(request, of: service)
    }

    /// What a repeated attempt has in common with the first.
    private static func identity(of request: ReceivedRequest) -> String? {
        request.headers["webhook-id"] ?? (request.method.sameBytes(as: "PUT") ? request.path : nil)
    }
}

extension ReceivedRequest {
    fileprivate init(_ request: Request, _ body: [UInt8]) {
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        self.init(
            method: request.method.rawValue, path: request.uri.path, query: request.uri.query ?? "", headers: headers,
            body: body)
    }
}

extension CannedAnswer {
    fileprivate var response: Response {
        var fields = HTTPFields()
        for header in headers {
            if let name = HTTPField.Name(header.name) { fields[name] = header.value }
        }
        return Response(
            status: .init(code: status), headers: fields,
            body: body.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(string: body)))
    }
}

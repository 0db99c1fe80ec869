import Crypto
import HTTPTypes
import Hummingbird
import Notifications
import Repository

/// Identifies the caller by the key in `Authorization: Bearer rb_…`; where HipChat's messages are taken, by `auth_token`
/// in the query, too. Permissions are checked elsewhere.
package struct Authentication: RouterMiddleware {
    /// Looks up the owners of keys and sessions.
    package let authenticator: Authenticator
    private let operatorKeyHash: SHA256Digest
    private let cache = PrincipalCache()
    private let throttle: FailureThrottle
    private let signIns: SignInThrottle
    private let wrongKeys = WrongKeys()

    /// - Parameters:
    ///   - operatorKeyHash: `APIKey.hash` of the operator's key.
    ///   - nodes: how many nodes share the failures that an address may have, and the sign-ins of a member.
    package init(authenticator: Authenticator, operatorKeyHash: SHA256Digest, nodes: NodeCount = NodeCount()) {
        self.authenticator = authenticator
        self.operatorKeyHash = operatorKeyHash
        throttle = FailureThrottle(nodes: nodes)
        signIns = SignInThrottle(nodes: nodes)
    }

    /// Passes a request on with its principal; throws `unauthenticated` or `tooManyFailures` without a valid key.
    package func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        guard let text = Self.text(in: request) else { throw Problem.unauthenticated }
        let key = APIKey(text)
        let principal = try await principal(presenting: key, from: context)
        var context = context
        context.authenticated = principal
        do {
            return try await RequestSource.$address.withValue(context.sourceAddress) {
                try await next(request, context)
            }
        } catch let error as RepositoryError where error == .unauthenticated {
            if let key { cache.forget(key.hash) }
            throw error
        }
    }

    /// The owner of a key, sent here or on the login page. Wrong keys are counted by their remote address.
    package func principal(presenting key: APIKey?, from context: APIContext) async throws -> Principal {
        guard let key, let principal = try await holder(of: key, hash: key.hash) else { throw refusal(context) }
        return principal
    }

    /// Signs in to the pages; throws `tooManySignIns` if the member did so too often.
    package func startSession(as principal: Principal) async throws -> RandomToken {
        if let pause = signIns.take(principal, at: .now) {
            throw Problem.tooManySignIns(retryAfter: pause.components.seconds + 1)
        }
        return try await authenticator.startSession(as: principal, operatorKey: operatorKeyHash)
    }

    /// The format and the checksum are checked first, so a mistyped key costs no query. Digests are compared in
    /// constant time (swift-crypto).
    private func holder(of key: APIKey, hash: SHA256Digest) async throws(RepositoryError) -> Principal? {
        if hash == operatorKeyHash { return .operator }
        if let principal = cache.principal(for: hash, at: .now) { return principal }
        guard let principal = try await authenticator.principal(presenting: key) else { return nil }
        cache.remember(principal, for: hash, at: .now)
        return principal
    }

    private func refusal(_ context: APIContext) -> Problem {
        wrongKeys.note(from: context.sourceAddress, at: .now, context.logger)
        guard let pause = throttle.fail(from: context.remoteAddress, at: .now) else { return .unauthenticated }
        return .tooManyFailures(retryAfter: pause.components.seconds + 1)
    }

    /// What is presented as a key; nil if nothing is.
    private static func text(in request: Request) -> String? {
        if let header = request.headers[.authorization] { return text(in: header) }
        guard SpecialPaths.isRoomNotification(request.uri.path) else { return nil }
        var query = QueryReader(request)
        return query.text("auth_token")
    }

    /// The scheme is case-insensitive (RFC 9110, section 11.1); exactly one space follows it. Empty if it is another.
    private static func text(in header: String) -> String {
        guard header.utf8.count == 71, header.prefix(bytes: 7).lowercased().sameBytes(as: "bearer ") else { return "" }
        return String(decoding: header.utf8.dropFirst(7), as: UTF8.self)
    }
}

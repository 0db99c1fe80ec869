import Crypto
import Notifications

extension Authenticator {
    /// Signs in the operator, or a user who has presented a key. The token is always new, so that no earlier one stays
    /// valid.
    package func startSession(
        as principal: Principal, operatorKey: SHA256Digest
    ) async throws(RepositoryError) -> RandomToken {
        switch principal {
        case .operator:
            return try await startOperatorSession(Array(operatorKey), principal.origin(from: RequestSource.address))
        case .user(let user, let organization, _):
            return try await repository.change(organization, .read, "session.start", as: principal) {
                transaction throws(RepositoryError) in
                try transaction.audit("session.started", "member:\(user)", ["through": "key"])
                return try SessionRow(principal: principal).insert(at: transaction.at, on: transaction.connection)
            }
        case .service:
            throw .conflict("This is a service key. Sign in with a personal key.")
        }
    }

    private func startOperatorSession(
        _ operatorKey: [UInt8], _ origin: AuditOrigin
    ) async throws(RepositoryError) -> RandomToken {
        try await context.write(in: .wholeService) { connection, pen throws(RepositoryError) in
            let note = AuditLog.Note(
                actor: Principal.operator.actor, action: "session.started", target: "operator",
                detail: ["through": "key"], origin: origin)
            try AuditLog.append(note, to: .installation, with: pen, on: connection)
            return try SessionRow(principal: .operator, operatorKey: operatorKey).insert(at: pen.at, on: connection)
        }
    }

    /// The session of a token; using it postpones its idle timeout. Nil if it has ended, or its key has been removed or
    /// has expired.
    package func session(
        presenting token: RandomToken, operatorKey: SHA256Digest, isUse: Bool = true
    ) async throws(RepositoryError) -> Session? {
        let (at, hash) = (context.now(), token.hash)
        let found = try await context.database.read(.short, in: .wholeService) { connection throws(RepositoryError) in
            try SessionRow.find(hash, operatorKey: Array(operatorKey), at: at, on: connection)
        }
        guard let found else { return nil }
        if isUse, found.usedAt < at - .seconds(60) {
            try await context.database.write(in: .wholeService) { connection throws(RepositoryError) in
                try connection.execute(
                    "UPDATE sessions SET used_at = $2 WHERE token_hash = $1", [.blob(hash), SQLValue(at)])
            }
        }
        return found.session
    }

    /// Signs out. A key that was made for the session is removed with it.
    package func endSession(_ token: RandomToken) async throws(RepositoryError) {
        let (hash, source) = (token.hash, RequestSource.address)
        try await context.write(in: .wholeService) { connection, pen throws(RepositoryError) in
            try SessionRow.end(hash, from: source, with: pen, on: connection)
        }
    }
}

import Notifications

/// Refusals go to the audit log merged (`RefusalTallies`), and not into the last room of the disk.
extension Repository {
    private static let refusalsAtOnce = 100

    /// Notes a refusal. The first of its kind in a minute is on disk when this returns, if the disk has room.
    package func note(_ refusal: RefusedAttempt) async throws(RepositoryError) {
        let (at, source) = (now(), RequestSource.address)
        let origin = refusal.principal.origin(from: source)
        guard refusals.note(refusal, origin: origin, at: at, mayWrite: hasSpace()) else { return }
        let note = AuditLog.Note(
            actor: refusal.principal.actor, action: "refused", target: "organization:\(refusal.organization)",
            detail: ["attempted": .string(refusal.action), "reason": .string(refusal.reason)], origin: origin)
        do throws(RepositoryError) {
            try await database.write { [vault] connection throws(RepositoryError) in
                try AuditLog.append(
                    note, to: refusal.organization, with: AuditLog.Pen(vault: vault, at: at), on: connection)
            }
        } catch {
            refusals.putBack(refusal, origin: origin, at: at)
            // Without room the refusal is still one, and its entry follows.
            guard error == .noSpace else { throw error }
        }
    }

    /// Writes what was merged and is due; how many were refused since the last call. Without room everything stays as it
    /// is. `isLast` writes all: the service ends.
    @discardableResult
    package func writeRefusals(isLast: Bool = false) async throws(RepositoryError) -> Int {
        let count = refusals.takeCount()
        guard hasSpace() else { return count }
        var due = refusals.ripe(at: now(), isLast: isLast)[...]
        while !due.isEmpty {
            do throws(RepositoryError) {
                try await write(Array(due.prefix(Self.refusalsAtOnce)))
            } catch {
                refusals.putBack(Array(due))
                throw error
            }
            due = due.dropFirst(Self.refusalsAtOnce)
        }
        return count
    }

    private func write(_ tallies: [RefusalTally]) async throws(RepositoryError) {
        let pen = AuditLog.Pen(vault: vault, at: now())
        try await database.write { connection throws(RepositoryError) in
            for tally in tallies {
                let note = AuditLog.Note(
                    actor: tally.subject?.principal.actor ?? Transaction.system, action: "refused",
                    target: "organization:\(tally.organization)", detail: tally.detail, origin: tally.origin)
                try AuditLog.append(note, to: tally.organization, with: pen, on: connection)
            }
        }
    }
}

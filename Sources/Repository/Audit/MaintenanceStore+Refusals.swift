import Notifications

extension MaintenanceStore {
    private static let refusalsAtOnce = 100

    /// Writes the merged refusals that are due and returns how many there were since the last call. If the disk is
    /// full, they are kept. `isLast` writes all of them, at shutdown.
    @discardableResult
    package func writeRefusals(isLast: Bool = false) async throws(RepositoryError) -> Int {
        let count = context.refusals.takeCount()
        guard context.hasSpace() else { return count }
        var due = context.refusals.ripe(at: context.now(), isLast: isLast)[...]
        while !due.isEmpty {
            do throws(RepositoryError) {
                try await write(Array(due.prefix(Self.refusalsAtOnce)))
            } catch {
                context.refusals.putBack(Array(due))
                throw error
            }
            due = due.dropFirst(Self.refusalsAtOnce)
        }
        return count
    }

    private func write(_ tallies: [RefusalTally]) async throws(RepositoryError) {
        try await context.write(in: .wholeService) { connection, pen throws(RepositoryError) in
            for tally in tallies {
                let note = AuditLog.Note(
                    actor: tally.subject?.principal.actor ?? Transaction.system, action: "refused",
                    target: "organization:\(tally.organization)", detail: tally.detail, origin: tally.origin)
                try AuditLog.append(note, to: tally.organization, with: pen, on: connection)
            }
        }
    }
}

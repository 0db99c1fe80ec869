import Notifications

/// Refusals are merged before they go to the audit log (`RefusalTallies`), and never use the last space on the disk.
extension Repository {
    /// Records that a principal was refused. When this returns, the first refusal of its kind in a minute is on disk,
    /// if there is space.
    package func noteRefusal(
        of action: String, because reason: String, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) {
        let refusal = RefusedAttempt(organization: organization, principal: principal, action: action, reason: reason)
        let (at, origin) = (context.now(), principal.origin(from: RequestSource.address))
        guard context.refusals.note(refusal, origin: origin, at: at, mayWrite: context.hasSpace()) else { return }
        let note = AuditLog.Note(
            actor: principal.actor, action: "refused", target: "organization:\(organization)",
            detail: ["attempted": .string(action), "reason": .string(reason)], origin: origin)
        do throws(RepositoryError) {
            try await context.write(in: .organization(organization)) { connection, pen throws(RepositoryError) in
                try AuditLog.append(note, to: organization, with: pen, on: connection)
            }
        } catch {
            context.refusals.putBack(refusal, origin: origin, at: at)
            // On a full disk the refusal stands, and its entry follows later.
            guard error == .noSpace else { throw error }
        }
    }
}

import Notifications

/// Refusals go to the audit log merged (`RefusalTallies`), and not into the last room of the disk.
extension Repository {
    /// Notes that a principal was refused something. The first refusal of its kind in a minute is on disk when this returns,
    /// if the disk has room.
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
            try await context.write { connection, pen throws(RepositoryError) in
                try AuditLog.append(note, to: organization, with: pen, on: connection)
            }
        } catch {
            context.refusals.putBack(refusal, origin: origin, at: at)
            // Without room the refusal is still one, and its entry follows.
            guard error == .noSpace else { throw error }
        }
    }
}

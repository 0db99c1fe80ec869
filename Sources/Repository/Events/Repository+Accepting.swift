import Notifications

extension Repository {
    /// How long an idempotency key is remembered.
    package static let idempotencyLifetime = Duration.seconds(7 * 86_400)

    /// Accepts an event. The event, a delivery for every channel (including those that skip it) and the idempotency key
    /// are written in one transaction. What `permit` allows is claimed in it too, where nothing holds it up.
    package func accept(
        _ content: EventContent, idempotencyKey: String?, claiming permit: ClaimPermit? = nil,
        as principal: Principal
    ) async throws(RepositoryError) -> Acceptance {
        let organization = try Self.organization(of: content, from: principal)
        let posted = PostedEvent(content, isHashed: idempotencyKey != nil)
        let acceptance = try await change(organization, .writeEvents, "event.post", as: principal) {
            transaction throws(RepositoryError) in
            try transaction.accept(posted, idempotencyKey: idempotencyKey, claiming: permit)
        }
        keep(acceptance, of: posted)
        return acceptance
    }

    /// An event and its deliveries are always written together. Otherwise, a transaction takes no further event after
    /// writing this many rows: a few milliseconds of the writer, for which everybody waits.
    package static let rowsAcceptedAtOnce = 100

    /// Accepts as many of a batch's events, from the first on, as fit into one transaction. An empty batch only checks
    /// whether the principal may post. Each event has its own result, and a refused one does not stop the others.
    package func accept(
        firstOf batch: ArraySlice<EventContent>, as principal: Principal
    ) async throws(RepositoryError) -> [Result<Acceptance, RepositoryError>] {
        guard let home = principal.organizationID else { throw .forbidden(Permission.writeEvents.requirement) }
        let (results, posted) = try await change(home, .writeEvents, "event.post", as: principal) {
            transaction throws(RepositoryError) in
            var (results, rows): ([Result<Acceptance, RepositoryError>], Int) = ([], 0)
            var events: [PostedEvent] = []
            for content in batch where rows < Self.rowsAcceptedAtOnce {
                events.append(PostedEvent(content, isHashed: false))
                if let organization = content.organizationID, organization != home {
                    results.append(.failure(.organizationNotFound))
                } else {
                    let acceptance = try transaction.accept(events[results.count], idempotencyKey: nil)
                    results.append(.success(acceptance))
                    rows += 1 + acceptance.deliveries
                }
            }
            return (results, events)
        }
        for case (.success(let acceptance), let posted) in zip(results, posted) { keep(acceptance, of: posted) }
        return results
    }

    /// What is not claimed yet will be soon.
    private func keep(_ acceptance: Acceptance, of posted: PostedEvent) {
        guard let content = acceptance.content, !acceptance.dueQueues.isEmpty else { return }
        context.kept.contents.keep(
            content, length: posted.payload.utf8.count, of: acceptance.eventID, in: acceptance.organizationID)
    }

    /// A run or a message determines its organization; the test event goes to the key's own.
    private static func organization(
        of content: EventContent, from principal: Principal
    ) throws(RepositoryError) -> OrganizationID {
        if let named = content.organizationID { return named }
        guard let home = principal.organizationID else { throw .forbidden(Permission.writeEvents.requirement) }
        return home
    }
}

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
        let event = PostedEvent(content, isHashed: idempotencyKey != nil)
        let posting = Posting(event: event, idempotencyKey: idempotencyKey, permit: permit)
        do {
            let acceptance = try await context.accept(posting, in: organization, as: principal)
            keep(acceptance)
            return acceptance
        } catch {
            throw try await recorded(error, of: "event.post", in: organization, as: principal)
        }
    }

    /// An event and its deliveries are always written together. Otherwise, a transaction takes no further event after
    /// writing this many rows: a few milliseconds of the writer, for which everybody waits.
    package static let rowsAcceptedAtOnce = 100

    /// The same for a batch, whose next events come at once: somebody may be waiting for every piece of it.
    package static let rowsOfBatchAtOnce = 50

    /// Accepts as many of a batch's events, from the first on, as fit into one transaction. An empty batch only checks
    /// whether the principal may post. Each event has its own result, and a refused one does not stop the others.
    package func accept(
        firstOf batch: ArraySlice<EventContent>, as principal: Principal
    ) async throws(RepositoryError) -> [Result<Acceptance, RepositoryError>] {
        guard let home = principal.organizationID else { throw .forbidden(Permission.writeEvents.requirement) }
        let isOwn = { (content: EventContent) in content.organizationID.map { $0 == home } ?? true }
        // Each event has one row at least, so no more of them fit.
        let postings = batch.lazy.filter(isOwn).prefix(Self.rowsOfBatchAtOnce).map {
            Posting(event: PostedEvent(ofBatch: $0))
        }
        let own = Array(postings)
        var accepted = try await change(home, .writeEvents, "event.post", as: principal) {
            transaction throws(RepositoryError) in
            try transaction.accept(own[...], by: try transaction.audience(of: own), writing: Self.rowsOfBatchAtOnce)
        }[...]
        for case .success(let acceptance) in accepted { keep(acceptance) }
        var results: [Result<Acceptance, RepositoryError>] = []
        for content in batch {
            guard let result = isOwn(content) ? accepted.popFirst() : .failure(.organizationNotFound) else { break }
            results.append(result)
        }
        return results
    }

    /// What is not claimed yet will be soon.
    private func keep(_ acceptance: Acceptance) {
        guard let content = acceptance.content, !acceptance.dueQueues.isEmpty else { return }
        context.kept.contents.keep(
            content, length: acceptance.payloadLength, of: acceptance.eventID, in: acceptance.organizationID)
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

import Notifications
import Synchronization

extension StoreContext {
    /// Accepts an event, together with those of its line that wait at the same time.
    func accept(
        _ posting: Posting, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Acceptance {
        let line = EventIntake.Line(organization: organization, scope: principal.scope(in: organization))
        let event = WaitingEvent(posting, by: principal)
        intake.add(event, to: line)
        while true {
            switch await event.turn() {
            case .write: await acceptWaiting(in: line)
            case .done(let result): return try result.get()
            }
        }
    }

    /// Accepts what waits in a line, and answers it.
    private func acceptWaiting(in line: EventIntake.Line) async {
        let taken = Mutex<[WaitingEvent]?>(nil)
        let take = { @Sendable [intake] in
            taken.withLock { taken in
                let events = taken ?? intake.take(line)
                taken = events
                return events
            }
        }
        do throws(RepositoryError) {
            let results = try await accept(in: line, take)
            let events = take()
            for (event, result) in zip(events, results) { event.give(.done(result)) }
            intake.putBack(events.dropFirst(results.count), to: line)
        } catch {
            for event in take() { event.give(.done(.failure(error))) }
        }
    }

    /// One transaction. It may end before all events have a result; when it throws, nothing was written for any.
    private func accept(
        in line: EventIntake.Line, _ events: @escaping @Sendable () -> [WaitingEvent]
    ) async throws(RepositoryError) -> [Result<Acceptance, RepositoryError>] {
        try await write(in: line.scope) { [self] connection, pen throws(RepositoryError) in
            // Each has one row at least, so no more of them fit.
            let events = events().prefix(Repository.rowsAcceptedAtOnce)
            let authorization = Authorization(of: Set(events.map(\.principal)), in: line.organization, at: pen.at)
            let here = transaction(in: line.organization, with: pen, on: connection)
            let audience = try here.audience(of: events.map(\.posting), with: authorization.steps)
            let refusals = events.map { authorization.refusal(of: $0.principal, asking: .writeEvents) }
            let allowed = zip(events, refusals).filter { $1 == nil }.map(\.0.posting)
            var accepted = try here.accept(allowed[...], by: audience, writing: Repository.rowsAcceptedAtOnce)[...]
            var results: [Result<Acceptance, RepositoryError>] = []
            for refusal in refusals {
                guard let result = refusal.map({ .failure($0) }) ?? accepted.popFirst() else { break }
                results.append(result)
            }
            return results
        }
    }
}

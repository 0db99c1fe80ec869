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
            let events = events()
            let refusals = try refusals(of: events, in: line.organization, at: pen.at, on: connection)
            let allowed = events.filter { refusals[$0.principal] == nil }.map(\.posting)
            let here = transaction(in: line.organization, with: pen, on: connection)
            var accepted = try here.accept(allowed[...], writing: Repository.rowsAcceptedAtOnce)[...]
            var results: [Result<Acceptance, RepositoryError>] = []
            for event in events {
                guard let result = refusals[event.principal].map({ .failure($0) }) ?? accepted.popFirst() else { break }
                results.append(result)
            }
            return results
        }
    }

    /// What each principal is told who may not post there.
    private func refusals(
        of events: [WaitingEvent], in organization: OrganizationID, at time: Timestamp, on connection: any SQLConnection
    ) throws(RepositoryError) -> [Principal: RepositoryError] {
        var refusals: [Principal: RepositoryError] = [:]
        for principal in Set(events.map(\.principal)) {
            do throws(RepositoryError) {
                try Authorization.check(principal, .writeEvents, in: organization, at: time, on: connection)
            } catch {
                guard error.isRefusal else { throw error }
                refusals[principal] = error
            }
        }
        return refusals
    }
}

extension RepositoryError {
    /// Whether it says that the caller may not do this.
    fileprivate var isRefusal: Bool {
        switch self {
        case .unauthenticated, .notFound, .forbidden: true
        default: false
        }
    }
}

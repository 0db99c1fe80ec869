import Hummingbird
import Notifications
import Repository
import WebServing

extension EventRoutes {
    /// The longest that a request may wait for an event.
    static let longestWait: Int64 = 20
    private static let eventsAtOnce = 100

    /// What came after a sequence, oldest first; without one, only where the list is now. If nothing came yet, the
    /// request waits as long as it says.
    @Sendable func live(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        let principal = try context.principal
        var query = QueryReader(request)
        let after = query.wholeNumber("after", in: 0...Int64.max, "Must be a whole number, 0 or more.")
        let wait = query.wholeNumber(
            "wait", in: 0...Self.longestWait, "Must be a whole number of seconds from 0 to \(Self.longestWait).")
        try query.finish()
        // Whoever may not read must not wait either: it would take a place, and tell when events are accepted.
        let newest = try await repository.newestEvent(of: organization, as: principal)
        guard let after else { return .live([], at: newest) }
        // A number beyond the newest is from a database of which an older copy was restored.
        let start = min(after, newest)
        if let wait, wait > 0, newest == start {
            try await waitForNews(beyond: start, of: organization, seconds: wait, as: principal)
        }
        let events = try await repository.events(
            after: start, limit: Self.eventsAtOnce, of: organization, as: principal)
        return .live(events, at: events.last?.sequence ?? start)
    }

    private func waitForNews(
        beyond after: Int64, of organization: OrganizationID, seconds: Int64, as principal: Principal
    ) async throws {
        try await news.wait(beyond: after, of: organization, atMost: .seconds(seconds)) { [repository] in
            try await repository.newestEvent(of: organization, as: principal)
        }
    }
}

extension Response {
    fileprivate static func live(_ events: [Event], at sequence: Int64) -> Response {
        .json(["data": .array(events.map { .object($0.json) }), "last_sequence": .integer(sequence)])
    }
}

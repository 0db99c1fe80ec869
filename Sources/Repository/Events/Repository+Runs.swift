import Notifications

/// A run as its events tell it.
package struct RunStory: Sendable {
    /// An event of the run, and what became of it at every channel.
    package struct Chapter: Sendable {
        package let event: Event
        package let digest: OutcomeDigest
    }

    /// Oldest first.
    package let chapters: [Chapter]
    /// There are older events, which are left out.
    package let isCut: Bool
}

extension Repository {
    /// The newest events of a run and what became of them. Throws `notFound` if there are none, or retention has deleted
    /// them.
    package func run(
        _ id: LoadTestRunID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> RunStory {
        try await look(organization, .read, "event.read", as: principal) { transaction throws(RepositoryError) in
            let finder = EventFinder(transaction: transaction, filter: EventFilter(runID: id))
            let page = try finder.byID(PageRequest(limit: 6))
            let events = try page.reading { id throws(RepositoryError) in
                try transaction.event("event_id", SQLValue(id))
            }
            guard !events.items.isEmpty else { throw .notFound("run") }
            let chapters = try events.items.reversed().map { event throws(RepositoryError) in
                RunStory.Chapter(event: event, digest: try transaction.digest(of: event))
            }
            return RunStory(chapters: chapters, isCut: page.next != nil)
        }
    }
}

import HTTPTypes
import Notifications
import ServiceLifecycle
import Synchronization

/// Where requests wait for what is new in their organization.
package final class NewsDesk: Sendable {
    fileprivate struct State {
        var seats = LiveSeats()
        var numbers = NewestNumbers()
    }

    private let state = Mutex(State())

    package init() {}

    /// How many requests of the organization wait.
    func waiting(in organization: OrganizationID) -> Int { state.withLock { $0.numbers.waiting(in: organization) } }

    /// Returns as soon as the organization's newest number is beyond `number`, and otherwise when the time is up or the
    /// service shuts down. Throws `tooManyWaiting`, and what `newest` throws; cancelled when the client leaves.
    ///
    /// A caller must have access before, since waiting takes one of the organization's places and tells when something
    /// is new; and check it again when it reads what is new.
    ///
    /// - Parameter newest: reads the newest number for the caller. Others may be given what it returns.
    package func wait(
        beyond number: Int64, of organization: OrganizationID, atMost time: Duration,
        newest: @Sendable () async throws -> Int64
    ) async throws {
        guard state.withLock({ $0.enter(organization) }) else { throw Problem.tooManyWaiting }
        defer { state.withLock { $0.leave(organization) } }
        let end = ContinuousClock.now + time
        while !Task.isShuttingDownGracefully {
            if state.withLock({ $0.numbers.takeTurn(organization, at: .now) }) {
                let found = try await newest()
                state.withLock { $0.numbers.note(found, of: organization) }
            }
            if let known = state.withLock({ $0.numbers.number(of: organization) }), known > number { return }
            let left = end - ContinuousClock.now
            guard left > .zero else { return }
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: min(left, NewestNumbers.interval)) }
            try Task.checkCancellation()
        }
    }
}

extension NewsDesk.State {
    fileprivate mutating func enter(_ organization: OrganizationID) -> Bool {
        guard seats.take(for: organization) else { return false }
        numbers.join(organization)
        return true
    }

    fileprivate mutating func leave(_ organization: OrganizationID) {
        seats.free(of: organization)
        numbers.leave(organization)
    }
}

extension Problem {
    static let tooManyWaiting = Problem(
        status: .serviceUnavailable, word: "too_many_streams",
        detail: "Too many requests of this organization are waiting for events. Try again later.",
        headers: [.retryAfter: "5"])
}

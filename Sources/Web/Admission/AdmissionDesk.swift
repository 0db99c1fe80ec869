import Hummingbird
import Notifications
import Synchronization

/// The one `Admission` of the service, for all its connections.
final class AdmissionDesk: Sendable {
    private let admission: Mutex<Admission>
    /// Whether the disk has room for something new.
    let hasSpace: @Sendable () -> Bool

    init(_ limits: AdmissionLimits, hasSpace: @escaping @Sendable () -> Bool) {
        admission = Mutex(Admission(limits))
        self.hasSpace = hasSpace
    }

    /// Lets a request in for as long as it is handled.
    func admit<Value>(
        _ sender: Admission.Sender, bytes: Int, _ handle: () async throws -> Value
    ) async throws -> Value {
        let ticket = try translating { admission throws(Admission.Refusal) in
            try admission.enter(sender, bytes: bytes, at: .now)
        }
        defer { admission.withLock { $0.leave(ticket) } }
        return try await handle()
    }

    /// Does what ends on the disk, and learns from how long that took.
    func timing<Value, Failure: Error>(
        _ write: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let start = ContinuousClock.now
        defer {
            let end = ContinuousClock.now
            admission.withLock { $0.wrote(in: end - start, at: end) }
        }
        return try await write()
    }

    /// Counts further events of a request that is in already.
    func take(events: Int, of organization: OrganizationID?) throws(Problem) {
        try translating { admission throws(Admission.Refusal) in
            try admission.take(events: events, of: organization, at: .now)
        }
    }

    private func translating<Value: Sendable>(
        _ decide: (inout Admission) throws(Admission.Refusal) -> sending Value
    ) throws(Problem) -> Value {
        do throws(Admission.Refusal) {
            return try admission.withLock { admission throws(Admission.Refusal) in try decide(&admission) }
        } catch {
            throw Problem(error)
        }
    }
}

extension Problem {
    fileprivate init(_ refusal: Admission.Refusal) {
        switch refusal {
        case .tooManyEvents(let pause): self = .tooManyEvents(retryAfter: pause)
        case .overloaded: self = .overloaded
        }
    }
}

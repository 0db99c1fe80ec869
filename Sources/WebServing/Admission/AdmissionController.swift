import Hummingbird
import Notifications
import Repository
import Synchronization

/// The service's one `Admission`, shared by all connections.
package final class AdmissionController: Sendable {
    private let admission: Mutex<Admission>
    private let nodes: NodeCount
    private let scheduler = WriterScheduler(rowsAtOnce: Repository.rowsAcceptedAtOnce)
    /// Counts pieces.
    private let batches = WriterScheduler(rowsAtOnce: 1)
    /// Whether the disk has room for new data.
    package let hasSpace: @Sendable () -> Bool

    /// - Parameter nodes: how many nodes share an organization's rate.
    package init(
        _ limits: AdmissionLimits, nodes: NodeCount = NodeCount(), hasSpace: @escaping @Sendable () -> Bool
    ) {
        admission = Mutex(Admission(limits))
        self.nodes = nodes
        self.hasSpace = hasSpace
    }

    /// Admits a request for as long as it is handled.
    func admit<Value>(
        _ sender: Admission.Sender, bytes: Int, _ handle: () async throws -> Value
    ) async throws -> Value {
        let ticket = try translating { admission throws(Admission.Refusal) in
            try admission.enter(sender, bytes: bytes, at: .now)
        }
        defer { admission.withLock { $0.leave(ticket) } }
        return try await handle()
    }

    /// Runs a write, and adapts to how long it took.
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

    /// How many events the organization may post now, and how many at most.
    package func eventsLeft(to organization: OrganizationID) -> (left: Int, most: Int) {
        admission.withLock { $0.eventsLeft(to: organization) }
    }

    /// How many deliveries an event of the organization is expected to have.
    package func expectedDeliveries(of organization: OrganizationID) -> Int {
        admission.withLock { $0.expectedDeliveries(of: organization) }
    }

    /// Stores about this many rows for an organization's events when it is its turn.
    package func storing<Value, Failure: Error>(
        rows: Int, of organization: OrganizationID, _ store: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await scheduler.take(rows: rows, of: organization) { () async throws(Failure) in try await timing(store) }
    }

    /// The same for a piece of a batch. All batches of an organization together have one at a time, and as long a rest after
    /// each: whoever else writes waits for one of them at most.
    package func storingPiece<Value, Failure: Error>(
        rows: Int, of organization: OrganizationID, _ store: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await batches.take(rows: 1, of: organization, rests: true) { () async throws(Failure) in
            try await storing(rows: rows, of: organization, store)
        }
    }

    /// Corrects the expected cost of events to the actual one.
    package func settle(_ bill: EventBill, of organization: OrganizationID) {
        admission.withLock { $0.settle(bill, of: organization) }
    }

    /// Charges the body of a request with so many events, whatever has come of it: reading a large one takes as much work as
    /// many events, also where it is refused for what it says.
    package func charge(bytes: Int, events: Int, to organization: OrganizationID?) {
        let surplus = EventRate.surplus(bytes: bytes, events: events)
        if surplus > 0 { admission.withLock { $0.charge(surplus, to: organization) } }
    }

    /// Charges further events of an admitted request; throws `tooManyEvents` if they are too many.
    package func take(events: Int, of organization: OrganizationID?) throws(Problem) {
        try translating { admission throws(Admission.Refusal) in
            try admission.take(events: events, of: organization, at: .now)
        }
    }

    private func translating<Value: Sendable>(
        _ decide: (inout Admission) throws(Admission.Refusal) -> sending Value
    ) throws(Problem) -> Value {
        do throws(Admission.Refusal) {
            return try admission.withLock { admission throws(Admission.Refusal) in
                admission.share(among: nodes.value)
                return try decide(&admission)
            }
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

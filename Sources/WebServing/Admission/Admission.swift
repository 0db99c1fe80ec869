import Notifications

/// Who may come in with something to write, and who has to come again later, decided before a body is read. A pure value:
/// the time comes from outside.
///
/// Nobody may hold more than what is still free. So one that floods gets half, two get a third each, and so on: however
/// many flood, there is as much room left for whoever comes next as each of them has. A few requests of each sender are
/// let in all the same.
struct Admission {
    /// Whose requests share a part. Settings are apart from events: who floods can still be told to change a channel.
    struct Sender: Hashable {
        /// Nil for the operator, and for strangers.
        let organization: OrganizationID?
        let postsEvents: Bool
        /// Where somebody comes from who has not said who they are: strangers have a room of their own.
        let stranger: RemoteAddress?

        init(organization: OrganizationID?, postsEvents: Bool) {
            (self.organization, self.postsEvents, stranger) = (organization, postsEvents, nil)
        }

        init(stranger: RemoteAddress) {
            (organization, postsEvents, self.stranger) = (nil, false, stranger)
        }
    }

    /// A request that was let in.
    struct Ticket: Equatable {
        fileprivate let sender: Sender
        fileprivate let bytes: Int
    }

    enum Refusal: Error, Equatable {
        /// The sender's events are too many, for so long.
        case tooManyEvents(pause: Duration)
        /// Others have taken the room.
        case overloaded
    }

    private struct Load {
        var requests = 0
        var bytes = 0

        mutating func add(_ more: Int) {
            requests += 1
            bytes += more
        }

        mutating func remove(_ fewer: Int) {
            requests -= 1
            bytes -= fewer
        }
    }

    private static let mostRates = 10_000
    /// Requests of one sender that are let in whatever the others do, as long as there is any place.
    private static let always = 4
    /// How long one has to wait whose requests are answered one after the other, but not for how long.
    private static let pause = Duration.seconds(1)

    private let limits: AdmissionLimits
    private var room: WriterRoom
    private var all = Load()
    private var strangers = Load()
    private var loads: [Sender: Load] = [:]
    private var rates: [OrganizationID?: EventRate] = [:]

    init(_ limits: AdmissionLimits) {
        self.limits = limits
        room = WriterRoom(most: limits.requests)
    }

    /// Lets a request with a body of at most so many bytes in, until it leaves. One with events pays for the first of
    /// them.
    mutating func enter(_ sender: Sender, bytes: Int, at now: ContinuousClock.Instant) throws(Refusal) -> Ticket {
        let own = loads[sender] ?? Load()
        guard sender.stranger == nil else { return try enter(stranger: sender, own, bytes: bytes) }
        guard hasPlace(own), own.bytes + bytes <= limits.bytes - all.bytes else {
            // Somebody who holds more than all others together is told that it is their own flood.
            let holdsMost = own.requests > all.requests / 2 || own.bytes > all.bytes / 2
            throw sender.postsEvents && holdsMost ? .tooManyEvents(pause: Self.pause) : .overloaded
        }
        if sender.postsEvents { try take(events: 1, of: sender.organization, at: now) }
        all.add(bytes)
        return ticket(sender, bytes)
    }

    /// Strangers are bounded by where they come from, and all together, and take no room from anybody else.
    private mutating func enter(stranger: Sender, _ own: Load, bytes: Int) throws(Refusal) -> Ticket {
        guard own.requests < limits.strangerRequests, strangers.requests < limits.strangersRequests,
            strangers.bytes + bytes <= limits.strangersBytes
        else { throw .overloaded }
        strangers.add(bytes)
        return ticket(stranger, bytes)
    }

    private mutating func ticket(_ sender: Sender, _ bytes: Int) -> Ticket {
        loads[sender, default: Load()].add(bytes)
        return Ticket(sender: sender, bytes: bytes)
    }

    /// A few may always come, also when a flood was let in before the writer got slow.
    private func hasPlace(_ own: Load) -> Bool {
        guard all.requests < limits.mostRequests else { return false }
        return own.requests < Self.always || own.requests + 1 <= room.requests - all.requests
    }

    /// The request has been answered. To be called once for each that was let in.
    mutating func leave(_ ticket: Ticket) {
        if ticket.sender.stranger == nil { all.remove(ticket.bytes) } else { strangers.remove(ticket.bytes) }
        guard var own = loads[ticket.sender] else { return }
        own.remove(ticket.bytes)
        loads[ticket.sender] = own.requests > 0 ? own : nil
    }

    /// A write of a request that is in was on disk after so long.
    mutating func wrote(in duration: Duration, at now: ContinuousClock.Instant) {
        room.took(duration, among: all.requests, at: now)
    }

    /// Counts events against the organization's rate: all of them, or none when it throws.
    mutating func take(
        events: Int, of organization: OrganizationID?, at now: ContinuousClock.Instant
    ) throws(Refusal) {
        if rates.count >= Self.mostRates, rates[organization] == nil { makeRoom(at: now) }
        var rate = rates[organization] ?? EventRate(limits, at: now)
        let pause = rate.take(events, limits, at: now)
        rates[organization] = rate
        if let pause { throw .tooManyEvents(pause: pause) }
    }

    /// Corrects what was taken for events that have been stored, or have not.
    mutating func settle(_ bill: EventBill, of organization: OrganizationID?) {
        rates[organization]?.settle(bill)
    }

    /// How many deliveries an event of the organization is taken to have.
    func expectedDeliveries(of organization: OrganizationID?) -> Int { rates[organization]?.deliveries ?? 0 }

    /// Organizations whose rates are remembered.
    var rememberedRates: Int { rates.count }

    /// Forgets what may be forgotten; all, when that is nothing.
    private mutating func makeRoom(at now: ContinuousClock.Instant) {
        rates = rates.filter { !$0.value.isFull(limits, at: now) }
        if rates.count >= Self.mostRates { rates.removeAll() }
    }
}

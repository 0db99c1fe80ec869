import Notifications

/// Decides, before a body is read, which writes are admitted and which have to be retried later. A pure value: the time
/// is passed in.
///
/// Nobody may hold more than what is still free. So one flooding sender gets half, two get a third each, and so on:
/// however many flood, the next sender finds as much room as each of them has. A few requests of each sender are always
/// admitted.
struct Admission {
    /// What capacity is shared among. Settings are separate from events: a flooding organization can still change its
    /// channels.
    struct Sender: Hashable {
        /// What a request is about.
        enum Subject {
            case settings, events
            /// Test Hooks wait for receivers, not for the writer.
            case tests
        }

        /// Nil for the operator, and for unauthenticated callers.
        let organization: OrganizationID?
        let subject: Subject
        /// The address of an unauthenticated caller.
        let stranger: RemoteAddress?

        init(organization: OrganizationID?, _ subject: Subject) {
            (self.organization, self.subject, stranger) = (organization, subject, nil)
        }

        init(stranger: RemoteAddress) {
            (organization, subject, self.stranger) = (nil, .settings, stranger)
        }

        /// The capacity that is used; nil for that of the writer.
        fileprivate var apart: Apart? { stranger != nil ? .strangers : subject == .tests ? .tests : nil }
    }

    /// Who has capacity of their own, and takes no room from anyone else.
    fileprivate enum Apart { case strangers, tests }

    /// An admitted request.
    struct Ticket: Equatable {
        fileprivate let sender: Sender
        fileprivate let bytes: Int
    }

    enum Refusal: Error, Equatable {
        /// The sender has too many events, and has to wait this long.
        case tooManyEvents(pause: Duration)
        /// Other senders are using the room.
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
    /// Requests of one sender that are admitted whatever the others do, while there is any room at all.
    private static let always = 4
    /// The retry delay for a flooding sender. When its requests will finish is unknown.
    private static let pause = Duration.seconds(1)

    private var limits: AdmissionLimits
    /// The rate of an organization over all nodes.
    private let eventsPerSecond: Double
    private var room: WriterRoom
    private var all = Load()
    private var apart: [Apart: Load] = [:]
    private var loads: [Sender: Load] = [:]
    private var rates: [OrganizationID?: EventRate] = [:]

    init(_ limits: AdmissionLimits) {
        self.limits = limits
        eventsPerSecond = limits.eventsPerSecond
        room = WriterRoom(most: limits.requests)
    }

    /// So many nodes share an organization's rate.
    mutating func share(among nodes: Int) { limits.eventsPerSecond = eventsPerSecond / Double(nodes) }

    /// Admits a request with a body of at most this many bytes, until it leaves. A request with events pays for the
    /// first. Any number of bytes may be announced: only what is admitted is added up.
    mutating func enter(_ sender: Sender, bytes: Int, at now: ContinuousClock.Instant) throws(Refusal) -> Ticket {
        let own = loads[sender] ?? Load()
        if let apart = sender.apart { return try enter(apart, sender, own, bytes: bytes) }
        guard hasPlace(own), bytes <= limits.bytes - all.bytes - own.bytes else {
            // A sender that holds more than all others together is told that the flood is its own.
            let holdsMost = own.requests > all.requests / 2 || own.bytes > all.bytes / 2
            throw sender.subject == .events && holdsMost ? .tooManyEvents(pause: Self.pause) : .overloaded
        }
        if sender.subject == .events { try take(events: 1, of: sender.organization, at: now) }
        all.add(bytes)
        return ticket(sender, bytes)
    }

    /// Limited by sender, which is an address or an organization, and in total.
    private mutating func enter(
        _ apart: Apart, _ sender: Sender, _ own: Load, bytes: Int
    ) throws(Refusal) -> Ticket {
        let (limit, load) = (apart == .tests ? limits.tests : limits.strangers, self.apart[apart] ?? Load())
        guard own.requests < limit.ofSender, load.requests < limit.requests, bytes <= limit.bytes - load.bytes else {
            throw .overloaded
        }
        self.apart[apart, default: Load()].add(bytes)
        return ticket(sender, bytes)
    }

    private mutating func ticket(_ sender: Sender, _ bytes: Int) -> Ticket {
        loads[sender, default: Load()].add(bytes)
        return Ticket(sender: sender, bytes: bytes)
    }

    /// A few are always admitted, even when a flood was admitted before the writer became slow.
    private func hasPlace(_ own: Load) -> Bool {
        guard all.requests < limits.mostRequests else { return false }
        return own.requests < Self.always || own.requests + 1 <= room.requests - all.requests
    }

    /// The request has been answered. Must be called once for each admitted request.
    mutating func leave(_ ticket: Ticket) {
        if let apart = ticket.sender.apart { self.apart[apart]?.remove(ticket.bytes) } else { all.remove(ticket.bytes) }
        guard var own = loads[ticket.sender] else { return }
        own.remove(ticket.bytes)
        loads[ticket.sender] = own.requests > 0 ? own : nil
    }

    /// A write of an admitted request reached the disk after this long.
    mutating func wrote(in duration: Duration, at now: ContinuousClock.Instant) {
        room.took(duration, among: all.requests, at: now)
    }

    /// Charges events to the organization's rate: all of them, or none if it throws.
    mutating func take(
        events: Int, of organization: OrganizationID?, at now: ContinuousClock.Instant
    ) throws(Refusal) {
        if rates.count >= Self.mostRates, rates[organization] == nil { makeRoom(at: now) }
        var rate = rates[organization] ?? EventRate(limits, at: now)
        let pause = rate.take(events, limits, at: now)
        rates[organization] = rate
        if let pause { throw .tooManyEvents(pause: pause) }
    }

    /// Corrects the expected cost of events, stored or not, to the actual one.
    mutating func settle(_ bill: EventBill, of organization: OrganizationID?) {
        rates[organization]?.settle(bill)
    }

    /// Charges work that has been done.
    mutating func charge(_ events: Int, to organization: OrganizationID?) {
        rates[organization]?.charge(events)
    }

    /// How many events the organization may post now, and how many at most.
    func eventsLeft(to organization: OrganizationID?) -> (left: Int, most: Int) {
        (rates[organization]?.left ?? Int(limits.burst), Int(limits.burst))
    }

    /// How many deliveries an event of the organization is expected to have.
    func expectedDeliveries(of organization: OrganizationID?) -> Int { rates[organization]?.deliveries ?? 0 }

    /// How many organizations' rates are remembered.
    var rememberedRates: Int { rates.count }

    /// Forgets full buckets, or all if none is full.
    private mutating func makeRoom(at now: ContinuousClock.Instant) {
        rates = rates.filter { !$0.value.isFull(limits, at: now) }
        if rates.count >= Self.mostRates { rates.removeAll() }
    }
}

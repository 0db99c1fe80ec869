import DequeModule
import HeapModule
import Notifications
import Repository

/// Decides which queue may claim next, from what is due and what is in flight, without a clock, randomness or I/O.
/// Organizations take turns by deficit round robin (Shreedhar and Varghese, "Efficient Fair Queueing Using Deficit
/// Round Robin", SIGCOMM 1995): each may claim the same number of deliveries a round, from one channel or from many, so
/// that nobody waits for somebody else's backlog. The channels of one organization take turns too. Channels whose last
/// attempt was not answered, or that have not had one, leave a reserve to the others. Times are by the steady clock.
struct FairScheduler {
    /// A queue that may claim up to `limit` deliveries now. That room is in use until `claimed` reports the result.
    struct Turn: Equatable {
        let queue: ChannelQueue
        let limit: Int
        /// The host whose room was used too.
        var host: String?
    }

    private struct QueueState {
        /// When something is due next; nil if unknown.
        var dueAt: Duration?
        var underWay = 0
        /// The receiver's host; nil if unknown.
        var host: String?
        var place = Place.idle
        /// Whether its last attempt was answered.
        var isAnswered: Bool
        /// How much its receiver gets at once.
        var window: ReceiverWindow
    }

    /// Where a queue waits: always in exactly one place.
    private enum Place {
        case idle
        /// Among its organization's ready queues.
        case ready
        /// The receiver's window is full: it waits for one of its deliveries to end.
        case full
        /// The host's limit is reached: it waits in the host's line.
        case hostFull
        /// Between `next` and `claimed`.
        case claiming
    }

    private struct OrganizationState {
        var ready = ReadyQueues()
        var underWay = 0
        /// Of these, at queues whose last attempt was not answered.
        var unanswered = 0
        var isInRing = false
        /// All its ready queues are unanswered ones, and there is no room for those.
        var isParked = false
        /// How many deliveries it may still claim in this round.
        var deficit = 0
    }

    private struct HostState {
        var underWay = 0
        var waiting: Deque<ChannelQueue> = []
    }

    private struct Alarm: Comparable {
        let at: Duration
        let queue: ChannelQueue

        static func < (lhs: Self, rhs: Self) -> Bool {
            (lhs.at, lhs.queue.channelID) < (rhs.at, rhs.queue.channelID)
        }
    }

    /// Over all nodes, and this one's part of it.
    private let whole: DeliveryLimits
    private var limits: DeliveryLimits
    private var queues: [ChannelQueue: QueueState] = [:]
    private var organizations: [OrganizationID: OrganizationState] = [:]
    private var hosts: [String: HostState] = [:]
    private var ring: Deque<OrganizationID> = []
    private var parked: Deque<OrganizationID> = []
    private var answering = RecentValues<ChannelQueue, Void>(limit: 8192)
    /// Deliveries in flight of queues whose last attempt was not answered.
    private var unanswered = 0
    private var alarms = Heap<Alarm>()
    /// Deliveries in flight.
    private(set) var underWay = 0

    init(limits: DeliveryLimits) {
        (whole, self.limits) = (limits, limits)
    }

    /// From now on, so many nodes share what may be in flight. What exceeds the new limits is let to its end.
    mutating func share(among nodes: Int) {
        let limits = whole.shared(among: nodes)
        guard limits.window != self.limits.window || limits.host != self.limits.host else { return }
        self.limits = limits
        for queue in queues.keys { queues[queue]?.window.fit(limits.window) }
    }

    /// When the next queue becomes due, if nothing else happens before.
    var nextAlarm: Duration? { alarms.min?.at }
    /// How many things are in memory.
    var size: Int { queues.count + organizations.count + hosts.count + ring.count + parked.count + alarms.count }

    /// Notes that a queue has something due at `time`, and the receiver's host if it is known.
    mutating func due(_ queue: ChannelQueue, host: String? = nil, at time: Duration) {
        var state = state(of: queue)
        if let host { state.host = host }
        let isSooner = state.dueAt.map { time < $0 } ?? true
        if isSooner { state.dueAt = time }
        queues[queue] = state
        if isSooner { setAlarm(queue, at: time) }
    }

    /// Gives the next turns, at most `count`.
    mutating func next(at now: Duration, count: Int) -> [Turn] {
        ringAlarms(at: now)
        unpark()
        var turns: [Turn] = []
        var room = limits.claimsAtOnce
        while turns.count < count, room > 0, underWay < limits.total, let id = nextInRing() {
            organizations[id]?.isInRing = false
            organizations[id]?.deficit += limits.share
            while turns.count < count, room > 0, let turn = nextTurn(of: id) {
                turns.append(turn)
                room -= turn.limit
            }
            join(id)
        }
        return turns
    }

    /// Reports the result of a turn: `count` deliveries are now in flight to `host`, and the next is due at
    /// `nextDueAt`.
    mutating func claimed(_ turn: Turn, count: Int, host: String?, nextDueAt: Duration?) {
        var state = state(of: turn.queue)
        state.place = .idle
        state.host = host ?? state.host
        queues[turn.queue] = state
        give(turn.limit, back: turn.queue, host: turn.host)
        use(count, for: turn.queue, host: host)
        repay(turn.limit - count, to: turn.queue.organizationID)
        if let dueAt = state.dueAt { setAlarm(turn.queue, at: dueAt) }
        if let nextDueAt { due(turn.queue, at: nextDueAt) }
        forget(turn.queue)
    }

    /// Reports that a delivery to `host` is no longer in flight, whether it was answered, if that is known, and what it
    /// says of the receiver's load.
    mutating func finished(
        _ queue: ChannelQueue, host: String?, isAnswered: Bool? = nil, load: ReceiverWindow.Signal? = nil
    ) {
        if let isAnswered { note(isAnswered, at: queue) }
        if let load, let underWay = queues[queue]?.underWay { queues[queue]?.window.heard(load, underWay: underWay) }
        give(1, back: queue, host: host)
        forget(queue)
    }

    // MARK: Steps

    /// Nil when the organization has used up its share or has nothing more to send. One with nothing ready loses the
    /// rest of its share, as deficit round robin demands.
    private mutating func nextTurn(of id: OrganizationID) -> Turn? {
        while let state = organizations[id], state.deficit > 0, state.underWay < limits.organization,
            underWay < limits.total
        {
            let hasRoom = roomOfUnanswered > 0 && hasRoomForUnanswered(id)
            guard let queue = organizations[id]?.ready.popFirst(hasRoomForUnanswered: hasRoom) else {
                organizations[id]?.deficit = 0
                return nil
            }
            guard let turn = take(queue, atMost: state.deficit) else { continue }
            organizations[id]?.deficit -= turn.limit
            return turn
        }
        return nil
    }

    /// Returns the part of a turn's share that it did not use.
    private mutating func repay(_ count: Int, to id: OrganizationID) {
        guard let state = organizations[id], !state.ready.isEmpty else { return }
        organizations[id]?.deficit = min(state.deficit + count, limits.share)
    }

    /// A queue that becomes due sooner leaves a stale alarm behind. When most are stale, the heap is rebuilt with one
    /// alarm for each queue.
    private mutating func setAlarm(_ queue: ChannelQueue, at time: Duration) {
        alarms.insert(Alarm(at: time, queue: queue))
        guard alarms.count > 64 + 2 * queues.count else { return }
        alarms = Heap(queues.compactMap { queue, state in state.dueAt.map { Alarm(at: $0, queue: queue) } })
    }

    private mutating func ringAlarms(at now: Duration) {
        while let alarm = alarms.min, alarm.at <= now {
            alarms.removeMin()
            guard let state = queues[alarm.queue], state.dueAt == alarm.at, case .idle = state.place else { continue }
            makeReady(alarm.queue)
        }
    }

    private mutating func makeReady(_ queue: ChannelQueue) {
        queues[queue]?.place = .ready
        organizations[queue.organizationID, default: OrganizationState()].ready.append(
            queue, isAnswered: queues[queue]?.isAnswered ?? false)
        join(queue.organizationID)
    }

    /// Puts an organization that has something ready into the ring, or parks it if there is no room for what it has.
    private mutating func join(_ id: OrganizationID, isItsTurn: Bool = false) {
        guard let state = organizations[id], !state.isInRing, !state.ready.isEmpty,
            state.underWay < limits.organization, state.ready.has(hasRoomForUnanswered: hasRoomForUnanswered(id))
        else { return }
        // Room that has become free goes to the organization that has waited longest.
        let hasRoom = roomOfUnanswered > 0 && (isItsTurn || parked.isEmpty)
        if state.ready.has(hasRoomForUnanswered: hasRoom) {
            organizations[id]?.isInRing = true
            ring.append(id)
        } else if !state.isParked {
            organizations[id]?.isParked = true
            parked.append(id)
        }
    }

    /// Takes room for a queue, or puts the queue where it will be woken when there is room.
    private mutating func take(_ queue: ChannelQueue, atMost share: Int) -> Turn? {
        guard let state = queues[queue] else { return nil }
        let ofChannel = state.window.limit - state.underWay
        guard ofChannel > 0 else {
            queues[queue]?.place = .full
            return nil
        }
        let ofHost = state.host.map { limits.host - (hosts[$0]?.underWay ?? 0) } ?? ofChannel
        guard ofHost > 0 else {
            queues[queue]?.place = .hostFull
            if let host = state.host { hosts[host, default: HostState()].waiting.append(queue) }
            return nil
        }
        let room = state.isAnswered ? limits.total - underWay : roomOfUnanswered
        let limit = min(ofChannel, ofHost, roomOfOrganization(queue), room, share)
        queues[queue]?.place = .claiming
        queues[queue]?.dueAt = nil
        use(limit, for: queue, host: state.host)
        return Turn(queue: queue, limit: limit, host: state.host)
    }

    private func roomOfOrganization(_ queue: ChannelQueue) -> Int {
        let own = organizations[queue.organizationID]
        let room = limits.organization - (own?.underWay ?? 0)
        guard queues[queue]?.isAnswered == false else { return room }
        return min(room, limits.organizationUnanswered - (own?.unanswered ?? 0))
    }

    private func hasRoomForUnanswered(_ id: OrganizationID) -> Bool {
        (organizations[id]?.unanswered ?? 0) < limits.organizationUnanswered
    }

    private mutating func addUnanswered(_ count: Int, of id: OrganizationID) {
        unanswered += count
        organizations[id]?.unanswered += count
    }

    private mutating func use(_ count: Int, for queue: ChannelQueue, host: String?) {
        underWay += count
        queues[queue]?.underWay += count
        organizations[queue.organizationID, default: OrganizationState()].underWay += count
        if queues[queue]?.isAnswered == false { addUnanswered(count, of: queue.organizationID) }
        if let host, count > 0 { hosts[host, default: HostState()].underWay += count }
    }

    private mutating func give(_ count: Int, back queue: ChannelQueue, host: String?) {
        underWay -= count
        if queues[queue]?.isAnswered == false { addUnanswered(-count, of: queue.organizationID) }
        queues[queue]?.underWay -= count
        organizations[queue.organizationID]?.underWay -= count
        if let host { hosts[host]?.underWay -= count }
        guard count > 0 else { return }
        if case .full? = queues[queue]?.place { makeReady(queue) }
        join(queue.organizationID)
        guard let host else { return }
        wakeOne(at: host)
        if let state = hosts[host], state.underWay == 0, state.waiting.isEmpty { hosts[host] = nil }
    }

    /// A queue that cannot use the host's room does not keep it from the next one, which is woken too.
    private mutating func wakeOne(at host: String) {
        while let queue = hosts[host]?.waiting.popFirst() {
            makeReady(queue)
            if canUseRoom(of: host, queue) { return }
        }
    }

    /// Not if its receiver is at another host by now, or its channel or its organization has no room.
    private func canUseRoom(of host: String, _ queue: ChannelQueue) -> Bool {
        guard let state = queues[queue] else { return false }
        return state.host == host && state.underWay < state.window.limit && roomOfOrganization(queue) > 0
    }

    /// Memory holds only what is due or in flight, so it does not grow with the number of channels ever seen.
    private mutating func forget(_ queue: ChannelQueue) {
        if let state = queues[queue], state.dueAt == nil, state.underWay == 0, case .idle = state.place {
            queues[queue] = nil
        }
        forget(queue.organizationID)
    }

    private mutating func forget(_ id: OrganizationID) {
        if let of = organizations[id], of.underWay == 0, of.ready.isEmpty, !of.isInRing, !of.isParked {
            organizations[id] = nil
        }
    }
}

// MARK: Room for what is being accepted

extension FairScheduler {
    /// Uses room for one delivery to each of these queues that has room, no backlog, and a receiver that answered the
    /// last attempt. `accepted` must report what became of each turn.
    mutating func reserve(
        _ wanted: [(queue: ChannelQueue, host: String?)], at now: Duration
    ) -> [Turn] {
        var turns: [Turn] = []
        for (queue, host) in wanted where isRoomy && hasRoomAndNoBacklog(queue, host, now) {
            queues[queue] = state(of: queue)
            use(1, for: queue, host: host)
            turns.append(Turn(queue: queue, limit: 1, host: host))
        }
        return turns
    }

    /// Reports whether a reserved turn was used, and if so, for which host.
    mutating func accepted(_ turn: Turn, isUsed: Bool, host: String?) {
        if isUsed {
            guard host != turn.host else { return }
            use(1, for: turn.queue, host: host)
        }
        give(1, back: turn.queue, host: turn.host)
        forget(turn.queue)
    }

    /// Whether nobody who waits for a turn could need the room.
    private var isRoomy: Bool {
        let isQuiet = ring.isEmpty && parked.isEmpty
        return underWay < (isQuiet ? limits.total : limits.total / 2)
    }

    private func hasRoomAndNoBacklog(_ queue: ChannelQueue, _ host: String?, _ now: Duration) -> Bool {
        let state = state(of: queue)
        guard case .idle = state.place, state.isAnswered, state.dueAt.map({ $0 > now }) ?? true,
            state.underWay < state.window.limit, roomOfOrganization(queue) > 0
        else { return false }
        guard let host, let ofHost = hosts[host] else { return true }
        return ofHost.underWay < limits.host && ofHost.waiting.isEmpty
    }
}

// MARK: Answered and unanswered queues

extension FairScheduler {
    /// Room for queues whose last attempt was not answered: it leaves `limits.reserve` to the others.
    private var roomOfUnanswered: Int { min(limits.total - underWay, limits.total - limits.reserve - unanswered) }

    private func state(of queue: ChannelQueue) -> QueueState {
        queues[queue] ?? QueueState(isAnswered: answering[queue] != nil, window: ReceiverWindow(limits.window))
    }

    /// What a queue has in flight counts where the queue now belongs.
    private mutating func note(_ isAnswered: Bool, at queue: ChannelQueue) {
        if isAnswered { answering.set((), for: queue) } else { answering.remove(queue) }
        guard let state = queues[queue], state.isAnswered != isAnswered else { return }
        queues[queue]?.isAnswered = isAnswered
        addUnanswered(isAnswered ? -state.underWay : state.underWay, of: queue.organizationID)
        guard case .ready = state.place else { return }
        organizations[queue.organizationID]?.ready.move(queue, isAnswered: isAnswered)
        join(queue.organizationID)
    }

    private mutating func nextInRing() -> OrganizationID? {
        if ring.isEmpty { unpark() }
        return ring.popFirst()
    }

    /// Brings back as many organizations as there is room for.
    private mutating func unpark() {
        for _ in 0..<max(0, min(roomOfUnanswered, parked.count)) {
            guard let id = parked.popFirst() else { return }
            organizations[id]?.isParked = false
            join(id, isItsTurn: true)
            forget(id)
        }
    }
}

import Notifications
import Repository

@testable import EventRouting

/// Observes everything in a simulated world and checks, independently of the engine, for what must never happen. It
/// uses the steady time.
struct Witness {
    struct ChannelRecord {
        var sending = 0
        /// Consecutive attempts that did not reach the receiver, as far as their results were written.
        var absences = 0
        /// Set while the circuit must be open: since when, and when the last probe was sent.
        var openSince: Duration?
        var lastProbe: Duration?
        /// The receiver asked for silence until then.
        var heldUntil = Duration.zero
        /// When deliveries were claimed, to check the rate.
        var claims: [Duration] = []
        /// The latest failure since something arrived; nil if the channel has been paused since.
        var failedAt: Duration?
        /// For how long it has been failing.
        var failingFor = Duration.zero
        var rejections = 0
        var isDisabled = false
    }

    struct DeliveryRecord {
        var channel: ChannelID?
        var attemptsOfRound = 0
        /// Whether it is claimed and no result is written yet.
        var isOpen = false
        /// The earliest time for the next claim.
        var notBefore = Duration.zero
        var writtenTokens: Set<Int64> = []
        var arrivals = 0
        /// How often a crash or a presumed-dead process may have come between a claim and its result.
        var excuses = 0
    }

    private(set) var violations: [String] = []
    var channels: [ChannelID: ChannelRecord] = [:]
    var deliveries: [DeliveryID: DeliveryRecord] = [:]
    /// What this process has in flight.
    var sending: [DeliveryID: ClaimedDelivery] = [:]
    /// Queues whose last attempt was answered, as far as this process knows.
    private var answering: Set<ChannelQueue> = []
    /// Queues that were ever answered in this process.
    private var everAnswered: Set<ChannelQueue> = []
    /// Queues whose last attempt called for sending less.
    private var overloaded: Set<ChannelQueue> = []
    /// Claims that were not sent because of a local fault.
    private var notSent: Set<String> = []
    /// What was due at a channel when it was disabled.
    var decided: Set<DeliveryID> = []
    /// When the removal of each channel was planned, if it was.
    var removals: [ChannelID: Duration] = [:]
    /// When each replay may continue.
    var replays: [ReplayID: Duration] = [:]
    /// What was answered but is not written yet.
    var unwritten: Set<DeliveryID> = []
    /// When the running process started.
    private var startedAt = Duration.zero
    let limits: DeliveryLimits

    init(limits: DeliveryLimits) {
        self.limits = limits
    }

    mutating func expect(_ condition: Bool, _ violation: @autoclosure () -> String) {
        if !condition { violations.append(violation()) }
    }

    /// A process died: its attempts in flight and its unwritten results are lost.
    mutating func died() {
        for id in unwritten.union(sending.keys) { deliveries[id]?.excuses += 1 }
        sending = [:]
        unwritten = []
        answering = []
        overloaded = []
        everAnswered = []
        // An interrupted attempt does not count among the twelve.
        for id in deliveries.keys where deliveries[id]?.isOpen == true {
            deliveries[id]?.isOpen = false
            deliveries[id]?.attemptsOfRound -= 1
        }
        for id in channels.keys { channels[id]?.sending = 0 }
    }

    /// The receiver has been replaced, or has shown that it is well.
    mutating func receiverIsKnownAnew(_ channel: ChannelID) {
        channels[channel]?.absences = 0
        channels[channel]?.openSince = nil
        channels[channel]?.heldUntil = .zero
        channels[channel]?.failedAt = nil
        channels[channel]?.failingFor = .zero
        channels[channel]?.rejections = 0
        for (id, record) in deliveries where record.channel == channel { deliveries[id]?.notBefore = .zero }
    }

    mutating func resumed(_ channel: ChannelID) { channels[channel]?.failedAt = nil }

    mutating func started(at now: Duration) { startedAt = now }
}

// MARK: What the engine does

extension Witness {
    mutating func claimed(_ delivery: ClaimedDelivery, at now: Duration) {
        let id = delivery.queue.channelID
        expect(!decided.contains(delivery.id), "\(delivery.id) is sent although its channel was disabled meanwhile")
        expect(
            now >= deliveries[delivery.id, default: DeliveryRecord()].notBefore, "\(delivery.id) is claimed too soon")
        deliveries[delivery.id, default: DeliveryRecord()].attemptsOfRound += 1
        deliveries[delivery.id]?.channel = id
        deliveries[delivery.id]?.isOpen = true
        let attempts = deliveries[delivery.id]?.attemptsOfRound ?? 0
        expect(attempts <= RetrySchedule.standard.attempts, "\(delivery.id) is tried \(attempts) times")
        expect(delivery.attemptOfRound == attempts, "\(delivery.id) counts attempt \(delivery.attemptOfRound)")
        var channel = channels[id, default: ChannelRecord()]
        expect(now >= channel.heldUntil, "\(id) is sent to although it asked for silence")
        if let since = channel.openSince {
            expect(now - (channel.lastProbe ?? since) >= .seconds(29), "\(id) is probed too often")
            channel.lastProbe = now
        }
        channel.claims.append(now)
        if let rate = delivery.channel.rate { checkRate(channel.claims, rate, id) }
        channels[id] = channel
    }

    /// Over any period, no more than the rate allows for it plus one burst.
    private mutating func checkRate(_ claims: [Duration], _ rate: SendingRate, _ id: ChannelID) {
        guard let last = claims.last else { return }
        for (count, start) in claims.reversed().prefix(20).enumerated() {
            let allowed = Double(rate.burst) + (last - start) / rate.interval + 0.01
            expect(Double(count + 1) <= allowed, "\(id) is sent \(count + 1) in \(last - start)")
        }
    }

    mutating func sent(_ delivery: ClaimedDelivery, isClaimed: Bool) {
        expect(isClaimed, "\(delivery.id) is sent without a claim")
        expect(sending[delivery.id] == nil, "\(delivery.id) is sent twice at once")
        sending[delivery.id] = delivery
        channels[delivery.queue.channelID, default: ChannelRecord()].sending += 1
        let all = sending.values
        expect(all.count { $0.queue == delivery.queue } <= limits.window.upperBound, "a channel's cap")
        let organization = delivery.queue.organizationID
        expect(all.count { $0.queue.organizationID == organization } <= limits.organization, "an organization's cap")
        expect(all.count { $0.host == delivery.host } <= limits.host, "a host's cap is broken")
        expect(all.count <= limits.total, "the cap of all is broken")
        let never = all.count { !everAnswered.contains($0.queue) }
        expect(never <= limits.total - limits.reserve, "\(never) to receivers that never answered leave no share")
    }

    /// Whether one more delivery of that queue may be sent.
    func hasRoom(for queue: ChannelQueue) -> Bool {
        guard !answering.contains(queue) else { return sending.count < limits.total }
        let unanswered = sending.values.count { !answering.contains($0.queue) }
        return sending.count < limits.total && unanswered < limits.total - limits.reserve
    }

    /// The true outcome of a request, whatever is made of it afterwards.
    mutating func heard(_ result: ExchangeResult, of delivery: ClaimedDelivery) {
        if case .failed(.local) = result { notSent.insert(Self.claim(delivery)) }
    }

    private static func claim(_ delivery: ClaimedDelivery) -> String { "\(delivery.id) \(delivery.fencingToken)" }

    /// The simulation's windows are so small that halving one reaches the minimum.
    mutating func claiming(_ turns: [FairScheduler.Turn]) {
        for turn in turns where overloaded.contains(turn.queue) {
            expect(turn.limit <= limits.window.lowerBound, "\(turn.queue.channelID) asked for less and may get more")
        }
    }

    mutating func ended(_ delivery: ClaimedDelivery, isAnswered: Bool?, load: ReceiverWindow.Signal?) {
        switch load {
        case .busy?, .absent?: overloaded.insert(delivery.queue)
        case .taken?: overloaded.remove(delivery.queue)
        case nil: break
        }
        switch isAnswered {
        case true?:
            answering.insert(delivery.queue)
            everAnswered.insert(delivery.queue)
        case false?: answering.remove(delivery.queue)
        case nil: break
        }
        guard sending[delivery.id]?.fencingToken == delivery.fencingToken else { return }
        sending[delivery.id] = nil
        unwritten.insert(delivery.id)
        channels[delivery.queue.channelID]?.sending -= 1
    }

    /// A result was written, or dropped because somebody else held the lease.
    mutating func recorded(
        _ result: DeliveryResult, isOurs: Bool, holderBefore: Int64?, dueIn: Duration?, at now: Duration
    ) {
        let id = result.delivery.id
        let token = result.delivery.fencingToken
        expect(
            isOurs == (holderBefore == token),
            "\(id): a result was written under token \(token), not \(holderBefore ?? 0)")
        guard isOurs else { return }
        unwritten.remove(id)
        // Its process was presumed dead, but the attempt counts.
        if deliveries[id]?.isOpen == false { deliveries[id]?.attemptsOfRound += 1 }
        deliveries[id]?.isOpen = false
        let isExhausted = result.outcome.reason?.hasPrefix(Outcome.exhausted) ?? false
        expect(!isExhausted || deliveries[id]?.attemptsOfRound == 12, "\(id) is given up too soon")
        let isFirst = deliveries[id, default: DeliveryRecord()].writtenTokens.insert(token).inserted
        expect(isFirst, "\(id): two results were written for one claim")
        let isSent = !notSent.contains(Self.claim(result.delivery))
        expect(isSent == result.outcome.isAttempt, "\(id): what was not sent counts as \(result.verdict.word)")
        guard isSent else {
            deliveries[id]?.attemptsOfRound -= 1
            return
        }
        note(result, at: now)
        guard case .retry(_, let after) = result.verdict, result.outcome.state == .due else { return }
        let step = RetrySchedule.standard.steps[max(0, result.delivery.attemptOfRound - 1)]
        let asked = min(after ?? .zero, .seconds(24 * 3600))
        deliveries[id]?.notBefore = now + max(step / 2, asked) - .milliseconds(1)
        guard let dueIn else { return }
        let window = max(step / 2, asked)...max(step * 3 / 2, asked)
        expect(window.contains(dueIn), "\(id) is due in \(dueIn), outside \(window)")
    }

    private mutating func note(_ result: DeliveryResult, at now: Duration) {
        let id = result.delivery.queue.channelID
        var channel = channels[id, default: ChannelRecord()]
        if case .retry(_, let after?) = result.verdict {
            channel.heldUntil = max(channel.heldUntil, now + min(after, .seconds(24 * 3600)) - .milliseconds(1))
        }
        noteFailing(result, &channel, at: now)
        // A gateway's 502, 503 or 504 means that the receiver was not reached either.
        if result.failure == .absent || [502, 503, 504].contains(result.attempt.status) {
            channel.absences += 1
            if channel.absences == 5 { (channel.openSince, channel.lastProbe) = (now, nil) }
        } else {
            (channel.absences, channel.openSince) = (0, nil)
        }
        channels[id] = channel
    }

    /// Counts the time between two failures: at most a day, without pauses and the time before the process started.
    private mutating func noteFailing(_ result: DeliveryResult, _ channel: inout ChannelRecord, at now: Duration) {
        guard let failure = result.failure, failure != .unfit, failure != .stale else {
            if result.failure == nil { (channel.failedAt, channel.failingFor, channel.rejections) = (nil, .zero, 0) }
            return
        }
        if let before = channel.failedAt {
            channel.failingFor += min(now - max(before, startedAt), .seconds(86_400))
        }
        channel.failedAt = now
        channel.rejections = failure == .rejected ? channel.rejections + 1 : 0
    }
}

/// What is known of a channel's receiver: how fast it may be sent to, and how long it has been failing. Values and
/// decisions only; the repository keeps it beside the channel and asks it in the same transaction that claims a delivery
/// or writes what came of one.
package struct ChannelHealth: Equatable, Sendable {
    /// The circuit is open: nobody was there, so only a probe goes now and then.
    package struct Circuit: Equatable, Sendable {
        package let openedAt: Timestamp
        /// When the next probe may go.
        package var probeAt: Timestamp
        /// How many went.
        package var probes: Int

        package init(openedAt: Timestamp, probeAt: Timestamp, probes: Int) {
            self.openedAt = openedAt
            self.probeAt = probeAt
            self.probes = probes
        }
    }

    /// When all that was sent is within the channel's rate again.
    package var pacedUntil = Timestamp(microseconds: 0)
    /// The receiver asked to be left alone until then, and with what.
    package var heldUntil = Timestamp(microseconds: 0)
    package var heldBecause: Finding?
    /// Nothing has arrived since this first failure; nil when the last attempt arrived.
    package var failingSince: Timestamp?
    /// The newest of these failures; nil when the channel was paused since.
    package var failedAt: Timestamp?
    /// For how long it has been tried in vain: pauses do not count, nor does time in which the service was off.
    package var failingFor = Duration.zero
    /// In a row: attempts that found nobody to take them, and answers that the sender is not known.
    package var absences = 0
    package var rejections = 0
    /// What the last failure found.
    package var lastFinding: Finding?
    package var circuit: Circuit?
    /// When the fallback channel was told that the circuit stays open.
    package var toldAt: Timestamp?

    package init() {}
}

// MARK: Claiming

extension ChannelHealth {
    /// How many deliveries may be claimed.
    package enum Allowance: Equatable, Sendable {
        case now(Int)
        /// None before that moment.
        case after(Timestamp)
    }

    package func allowance(at now: Timestamp, rate: SendingRate?, wanted: Int) -> Allowance {
        if heldUntil > now { return .after(heldUntil) }
        if let circuit { return circuit.probeAt > now ? .after(circuit.probeAt) : .now(min(1, wanted)) }
        guard let rate else { return .now(wanted) }
        // The generic cell rate algorithm (ITU-T I.371, annex A): all that was sent, laid end to end, may reach a burst's
        // length into the future.
        let room = rate.interval * rate.burst - (max(pacedUntil, now) - now)
        let count = Int(room.microseconds / rate.interval.microseconds)
        return count > 0 ? .now(min(count, wanted)) : .after(now + (rate.interval - room))
    }

    /// So many deliveries were claimed. While a probe is on its way, the next one waits.
    package mutating func claimed(_ count: Int, at now: Timestamp, rate: SendingRate?) {
        guard count > 0 else { return }
        if let rate { pacedUntil = max(pacedUntil, now) + rate.interval * count }
        guard var open = circuit else { return }
        open.probeAt = now + Self.pause(beforeProbe: open.probes + 1)
        circuit = open
    }

    /// 30 s, doubling to 10 min.
    private static func pause(beforeProbe number: Int) -> Duration {
        min(.seconds(30) * (1 << min(max(number, 0), 10)), .seconds(600))
    }
}

// MARK: Results

extension ChannelHealth {
    /// What a failure is to have for the channel.
    package enum Consequence: Equatable, Sendable {
        /// Nothing will arrive there any more: the channel is disabled.
        case disable(Finding)
        /// The circuit has been open for an hour: the fallback channel is told.
        case tell(Finding)
    }

    /// In a row, before the circuit opens.
    package static let absencesAllowed = 5
    /// In a row, before the channel is disabled. Some services answer 401 now and then for no reason.
    package static let rejectionsAllowed = 5
    /// How long it may be tried in vain, before the channel is disabled.
    package static let patience = Duration.seconds(5 * 86_400)
    /// As much of the time between two failures counts: when there was nothing to send, it was not tried either.
    package static let longestGap = Duration.seconds(86_400)
    /// How long the circuit may stay open before somebody is told.
    package static let silence = Duration.seconds(3600)

    /// Nothing was sent, because of this side: the channel waits, and all that is known of its receiver stays.
    package mutating func postponed(_ finding: Finding, for pause: Duration, at now: Timestamp) {
        guard heldUntil <= now || heldBecause?.isLocal == true else { return }
        hold(until: now + pause, because: finding)
    }

    /// An attempt arrived.
    package mutating func delivered() {
        closeCircuit()
        rejections = 0
        failingSince = nil
        failedAt = nil
        failingFor = .zero
        lastFinding = nil
    }

    /// The channel's pause is over. What failed before it says nothing of the time since.
    package mutating func resumed() { failedAt = nil }

    /// An attempt failed; `isProbe` when it was claimed behind an open circuit. `hold` is how long the receiver asked to
    /// be left alone, `uptime` for how long the service has been running.
    package mutating func failed(
        _ failure: Failure, _ finding: Finding, hold: Duration?, isProbe: Bool, at now: Timestamp, uptime: Duration
    ) -> Consequence? {
        if let hold, hold > .zero { self.hold(until: now + min(hold, RetryAfter.limit), because: finding) }
        guard failure != .unfit else {
            closeCircuit()
            return nil
        }
        lastFinding = finding
        failingSince = failingSince ?? now
        failingFor += triedInVain(until: now, uptime)
        failedAt = now
        count(failure, isProbe: isProbe, at: now)
        if rejections >= Self.rejectionsAllowed || failingFor >= Self.patience { return .disable(finding) }
        if let circuit, toldAt == nil, now - circuit.openedAt >= Self.silence {
            toldAt = now
            return .tell(finding)
        }
        return nil
    }

    /// The part of the time since the failure before in which it was tried.
    private func triedInVain(until now: Timestamp, _ uptime: Duration) -> Duration {
        guard let failedAt else { return .zero }
        return max(.zero, min(now - failedAt, uptime, Self.longestGap))
    }

    /// What the receiver asked for counts more than that this side waits, which ends with a restart.
    private mutating func hold(until end: Timestamp, because finding: Finding) {
        let isOfTheOther = heldBecause.map { $0.isLocal && !finding.isLocal } ?? false
        guard end > heldUntil || isOfTheOther else { return }
        heldUntil = end
        heldBecause = finding
    }

    /// What was claimed before the circuit opened is no probe.
    private mutating func count(_ failure: Failure, isProbe: Bool, at now: Timestamp) {
        rejections = failure == .rejected ? rejections + 1 : 0
        guard failure == .absent else { return closeCircuit() }
        absences += 1
        if var open = circuit {
            guard isProbe else { return }
            open.probes += 1
            open.probeAt = now + Self.pause(beforeProbe: open.probes)
            circuit = open
        } else if absences >= Self.absencesAllowed {
            circuit = Circuit(openedAt: now, probeAt: now + Self.pause(beforeProbe: 0), probes: 0)
        }
    }

    /// Somebody answered, whatever they said.
    private mutating func closeCircuit() {
        circuit = nil
        absences = 0
        toldAt = nil
    }
}

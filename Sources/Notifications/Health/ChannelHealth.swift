/// What is known of a channel's receiver: how fast it may be sent to, and how long it has been failing. Only values and
/// decisions; the repository stores it beside the channel, and asks it in the same transaction that claims a delivery
/// or writes a result.
package struct ChannelHealth: Equatable, Sendable {
    /// The circuit is open: the receiver was unreachable, so only probes are sent.
    package struct Circuit: Equatable, Sendable {
        package let openedAt: Timestamp
        /// When the next probe may be sent.
        package var probeAt: Timestamp
        /// How many were sent.
        package var probes: Int

        package init(openedAt: Timestamp, probeAt: Timestamp, probes: Int) {
            self.openedAt = openedAt
            self.probeAt = probeAt
            self.probes = probes
        }
    }

    /// When the channel is within its rate again, as a theoretical arrival time.
    package var pacedUntil = Timestamp(microseconds: 0)
    /// The receiver asked for a pause until then, and why.
    package var heldUntil = Timestamp(microseconds: 0)
    package var heldBecause: Finding?
    /// When deliveries began to fail; nil if the last attempt was delivered.
    package var failingSince: Timestamp?
    /// The newest failure that was not unfit; nil if the channel was paused since.
    package var failedAt: Timestamp?
    /// How long attempts have been failing, without pauses, time in which the service was off, and those that were unfit.
    package var failingFor = Duration.zero
    /// Consecutive attempts that found nobody, and consecutive answers that the sender is unknown.
    package var absences = 0
    package var rejections = 0
    /// What the last failure found.
    package var lastFinding: Finding?
    package var circuit: Circuit?
    /// When the fallback channel was notified of the open circuit.
    package var toldAt: Timestamp?

    package init() {}
}

// MARK: Claiming

extension ChannelHealth {
    /// How many deliveries may be claimed.
    package enum Allowance: Equatable, Sendable {
        case now(Int)
        /// None before this time.
        case after(Timestamp)
    }

    /// How many of `wanted` deliveries may be claimed. `rate` is the channel's limit; nil for none.
    package func allowance(at now: Timestamp, rate: SendingRate?, wanted: Int) -> Allowance {
        if heldUntil > now { return .after(heldUntil) }
        if let circuit { return circuit.probeAt > now ? .after(circuit.probeAt) : .now(min(1, wanted)) }
        guard let rate else { return .now(wanted) }
        // The generic cell rate algorithm (ITU-T I.371, annex A): everything sent, laid end to end, may extend a
        // burst's length into the future.
        let room = rate.interval * rate.burst - (max(pacedUntil, now) - now)
        let count = Int(room.microseconds / rate.interval.microseconds)
        return count > 0 ? .now(min(count, wanted)) : .after(now + (rate.interval - room))
    }

    /// Notes that `count` deliveries were claimed. While a probe is in flight, the next one waits.
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
    /// What a failure means for the channel.
    package enum Consequence: Equatable, Sendable {
        /// Disable the channel: it will never work again.
        case disable(Finding)
        /// Notify the fallback channel: the circuit has been open for an hour.
        case tell(Finding)
    }

    /// Consecutive absences before the circuit opens.
    package static let absencesAllowed = 5
    /// Consecutive rejections before the channel is disabled. Some services occasionally answer 401 for no reason.
    package static let rejectionsAllowed = 5
    /// How long attempts may fail before the channel is disabled.
    package static let patience = Duration.seconds(5 * 86_400)
    /// The most that counts of the time between two failures: with nothing to send, nothing was tried either.
    package static let longestGap = Duration.seconds(86_400)
    /// How long the circuit may stay open before the fallback channel is notified.
    package static let silence = Duration.seconds(3600)

    /// Nothing was sent because of a local fault: the channel waits, and what is known of its receiver stays.
    package mutating func postponed(_ finding: Finding, for pause: Duration, at now: Timestamp) {
        guard heldUntil <= now || heldBecause?.isLocal == true else { return }
        hold(until: now + pause, because: finding)
    }

    /// An attempt was delivered.
    package mutating func delivered() {
        closeCircuit()
        rejections = 0
        failingSince = nil
        failedAt = nil
        failingFor = .zero
        lastFinding = nil
    }

    /// The channel was resumed. Earlier failures say nothing about the time of the pause.
    package mutating func resumed() { failedAt = nil }

    /// An attempt failed.
    ///
    /// - Parameters:
    ///   - isProbe: Whether it was claimed with an open circuit.
    ///   - hold: How long the receiver asked for a pause.
    ///   - uptime: How long the service has been running.
    package mutating func failed(
        _ failure: Failure, _ finding: Finding, hold: Duration?, isProbe: Bool, at now: Timestamp, uptime: Duration
    ) -> Consequence? {
        if let hold, hold > .zero { self.hold(until: now + min(hold, RetryAfter.limit), because: finding) }
        guard failure != .stale else {
            closeCircuit()
            return nil
        }
        lastFinding = finding
        failingSince = failingSince ?? now
        // Shown, but no reason to disable the channel: the next message may be fit.
        guard failure != .unfit else {
            closeCircuit()
            return nil
        }
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

    /// How much of the time since the previous failure counts as failing.
    private func triedInVain(until now: Timestamp, _ uptime: Duration) -> Duration {
        guard let failedAt else { return .zero }
        return max(.zero, min(now - failedAt, uptime, Self.longestGap))
    }

    /// The receiver's wish takes precedence over a wait of our own, which ends with a restart.
    private mutating func hold(until end: Timestamp, because finding: Finding) {
        let isOfTheOther = heldBecause.map { $0.isLocal && !finding.isLocal } ?? false
        guard end > heldUntil || isOfTheOther else { return }
        heldUntil = end
        heldBecause = finding
    }

    /// Deliveries claimed before the circuit opened are not probes.
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

    /// The receiver answered, whatever it said.
    private mutating func closeCircuit() {
        circuit = nil
        absences = 0
        toldAt = nil
    }
}

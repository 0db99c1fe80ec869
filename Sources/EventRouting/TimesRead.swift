import Notifications

/// What of the database's answers under way may tell times of before the wall clock was set: read before the rows moved,
/// heard after. Such a time says nothing any more; whoever it was read for looks again at once.
struct TimesRead {
    /// What the service's clock read when the steady one read zero: it changes when the clock follows the wall's.
    private var epoch: Timestamp
    private var claim = false
    private var sweep = false
    private var results: Set<EngineState.Lease> = []

    init(at moment: Moment) {
        epoch = moment.time - moment.steady
    }

    /// To be told of every moment, with what is under way then.
    mutating func watch(_ moment: Moment, isClaiming: Bool, isSweeping: Bool, writing: () -> [EngineState.Lease]) {
        let now = moment.time - moment.steady
        let moved = now - epoch
        guard moved > EngineState.clockTolerance / 2 || moved < .zero - EngineState.clockTolerance / 2 else { return }
        epoch = now
        claim = claim || isClaiming
        sweep = sweep || isSweeping
        results.formUnion(writing())
    }

    /// Whether the claim that is heard now was under way then.
    mutating func isOldClaim() -> Bool {
        defer { claim = false }
        return claim
    }

    mutating func isOldSweep() -> Bool {
        defer { sweep = false }
        return sweep
    }

    mutating func isOldResult(of lease: EngineState.Lease) -> Bool {
        results.remove(lease) != nil
    }
}

import Notifications
import Repository

/// One moment as the engine's state hears of it.
struct Moment: Equatable, Sendable {
    /// By the clock of due times.
    var time: Timestamp
    /// Since a fixed moment, by a clock that nobody sets: for waiting.
    var steady: Duration
    /// How far the wall clock is ahead of the service's.
    var drift: Duration

    /// When a time of the service's clock comes, by the steady one.
    func steady(at time: Timestamp) -> Duration { steady + (time - self.time) }
}

extension ServiceClock {
    var moment: Moment { Moment(time: scheduled, steady: steadyNow, drift: drift) }
}

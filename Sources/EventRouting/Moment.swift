import Notifications
import Repository

/// One reading of all clocks.
struct Moment: Equatable, Sendable {
    /// By the clock that due times are compared with.
    var time: Timestamp
    /// By a monotonic clock, from an arbitrary origin: for waiting.
    var steady: Duration
    /// How far the wall clock is ahead of the service's.
    var drift: Duration

    /// Converts a time of the service's clock to the steady clock.
    func steady(at time: Timestamp) -> Duration { steady + (time - self.time) }
}

extension ServiceClock {
    var moment: Moment { Moment(time: scheduled, steady: steadyNow, drift: drift) }
}

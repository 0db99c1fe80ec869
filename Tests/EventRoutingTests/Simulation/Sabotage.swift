/// Ways to break the engine on purpose, each at a seam between the engine and its world. The simulation must find every
/// one: otherwise it would not find such a mistake in the engine either.
enum Sabotage: String, CaseIterable, Sendable {
    /// An event is committed without one of its deliveries.
    case eventWithoutADelivery
    /// A result is written whoever holds the lease.
    case fencingTokenIgnored
    /// Leases are taken back while they hold, as if they were another process's.
    case leaseNotChecked
    /// What is sent is still due in the database.
    case sentWithoutAClaim
    /// A retry is due at once.
    case retriedWithoutAPause
    /// Every attempt counts as the first.
    case attemptsNotCounted
    /// A channel's window stays open whatever its receiver answers.
    case windowStaysOpen
    /// The cap of a channel is twice what it should be.
    case capDoubled
    /// The engine does not hear of new events.
    case wakesLost
    /// The end of a run does not wait for its start.
    case orderIgnored
    /// After a crash, what was claimed stays claimed.
    case recoveryForgotten
    /// Due times are the wall clock's: what is due moves when that is set.
    case dueTimesLeftBehind
    /// The next process does not know how far the service's clock was ahead of the wall clock.
    case clockForgotten
    /// After a reboot, the wall clock alone counts.
    case leadForgotten
    /// A replay goes on by the wall clock.
    case replaysLeftBehind
    /// A removal that was planned is due by the wall clock.
    case removalsLeftBehind
    /// What is due at a channel that was changed follows in one piece only.
    case settlementsForgotten
    /// What a change of its channel has decided on is still claimed.
    case decidedIsClaimed
    /// The end of a run that waited for its start goes on waiting.
    case endsStayBlocked
    /// An audit entry is changed.
    case auditEntryChanged
    /// A dead receiver is tried like any other.
    case circuitIgnored
    /// A receiver's Retry-After counts for one delivery only.
    case holdIgnored
    /// The process takes its own leases back when they have ended, although it is still sending.
    case ownLeasesTaken
    /// The engine does not hear that a channel was changed.
    case channelChangesUnheard
    /// The time of a pause, or in which the service was off, counts as tried in vain.
    case idleTimeCounted
    /// An attempt that was interrupted counts in the retry schedule.
    case interruptionsCounted
    /// 503 is taken for the answer of a receiver that is there.
    case gatewaysTrusted
    /// Undoing a removal enables a channel that was disabled meanwhile.
    case undoRevives
    /// What cannot be read goes on waiting.
    case unreadableKept
    /// A local fault is taken for a receiver that is away.
    case localFaultAsAbsence
    /// An attempt that did not take place is counted.
    case localFaultCounted
    /// Nothing is kept for channels that are answered.
    case reserveIgnored
}

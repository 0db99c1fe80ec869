/// Deliberate bugs, each at a seam between the engine and its world. The simulation must detect every one; otherwise it
/// would miss the same bug in the engine.
enum Sabotage: String, CaseIterable, Sendable {
    /// An event is committed without one of its deliveries.
    case eventWithoutADelivery
    /// A result is written no matter who holds the lease.
    case fencingTokenIgnored
    /// A delivery that is sent is still due in the database.
    case sentWithoutAClaim
    /// What is claimed along with its event is handed to the engine, and then the event's transaction is undone.
    case claimBeforeTheCommit
    /// Room that was set aside for an event is not given back when the event could not be accepted.
    case roomKept
    /// A retry is due immediately.
    case retriedWithoutAPause
    /// Every attempt counts as the first.
    case attemptsNotCounted
    /// A channel's window stays open whatever its receiver answers.
    case windowStaysOpen
    /// The cap of a channel is twice what it should be.
    case capDoubled
    /// When several results could not be written together, one of them is forgotten.
    case partOfABatchLost
    /// The engine is not told of new events.
    case wakesLost
    /// The end of a run does not wait for its start.
    case orderIgnored
    /// After a crash, claimed deliveries stay claimed.
    case recoveryForgotten
    /// Due times follow the wall clock, so they shift when it is set.
    case dueTimesLeftBehind
    /// The next process does not know how far the service's clock was ahead of the wall clock.
    case clockForgotten
    /// After a reboot, only the wall clock counts.
    case leadForgotten
    /// A replay continues by the wall clock.
    case replaysLeftBehind
    /// A planned removal is due by the wall clock.
    case removalsLeftBehind
    /// After a channel changes, only one piece of what is due there is settled.
    case settlementsForgotten
    /// Deliveries already decided by a change of their channel can still be claimed.
    case decidedIsClaimed
    /// The end of a run that waited for its start keeps waiting.
    case endsStayBlocked
    /// An audit entry is altered.
    case auditEntryChanged
    /// A dead receiver is tried like any other.
    case circuitIgnored
    /// A receiver's Retry-After counts for one delivery only.
    case holdIgnored
    /// What the process holds is taken back although it is still sending, as if it belonged to a node that is gone.
    case ownClaimsTaken
    /// The engine is not told that a channel was changed.
    case channelChangesUnheard
    /// Time paused, or with the service off, counts as time spent failing.
    case idleTimeCounted
    /// An interrupted attempt counts in the retry schedule.
    case interruptionsCounted
    /// 503 counts as an answer from a receiver that is reachable.
    case gatewaysTrusted
    /// Undoing a removal enables a channel that was disabled in the meantime.
    case undoRevives
    /// Unreadable deliveries keep waiting.
    case unreadableKept
    /// A local fault counts as an unreachable receiver.
    case localFaultAsAbsence
    /// An attempt that was never made is counted.
    case localFaultCounted
    /// Nothing is reserved for channels that are answered.
    case reserveIgnored
}

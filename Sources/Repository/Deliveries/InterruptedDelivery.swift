import Notifications

/// A delivery that was in flight when its process died or its lease expired.
struct InterruptedDelivery {
    let organization: OrganizationID
    let delivery: DeliveryID
    /// Consecutive interruptions before this one.
    let interruptions: Int64
    let dueAt: Timestamp

    init(_ row: any SQLRow) {
        organization = row.number(0)
        delivery = row.id(1)
        interruptions = row.integer(2)
        dueAt = row.time(3)
    }

    var isSuspect: Bool { interruptions >= DeliveryStore.interruptionsOfSuspects }

    /// Values for the statement that takes it back. After a single interruption it goes first, in its old position.
    func values(at: Timestamp, due: Timestamp, isParked: Bool) -> [SQLValue] {
        let count = min(interruptions + 1, DeliveryStore.interruptionsOfSuspects + 1)
        let isSuspect = count >= DeliveryStore.interruptionsOfSuspects
        return [
            SQLValue(organization), SQLValue(delivery), SQLValue(count), SQLValue(at),
            SQLValue(isSuspect ? due + DeliveryStore.quarantine : min(dueAt, due)),
            SQLValue((isParked ? DeliveryState.failed : .due).rawValue), SQLValue(isParked ? "poison" : "interrupted"),
        ]
    }
}

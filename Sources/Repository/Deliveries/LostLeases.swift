/// Leases whose deliveries nobody sends any more.
enum LostLeases {
    /// A process begins: those of the process of that name before it, and all that have ended.
    case endedOrOf(String)
    /// A process goes on: those that have ended, but for its own. It knows what it is sending.
    case endedButOf(String)

    var owner: String {
        switch self {
        case .endedOrOf(let owner), .endedButOf(let owner): owner
        }
    }

    /// Of a delivery that is claimed; `$1` is the time, `$2` the owner. Both enter the index of leases.
    var condition: String {
        switch self {
        case .endedOrOf: "lease_until >= 0 AND (lease_until < $1 OR lease_owner = $2)"
        case .endedButOf: "lease_until < $1 AND lease_owner <> $2"
        }
    }
}

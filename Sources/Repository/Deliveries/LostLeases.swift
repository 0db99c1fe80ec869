/// Leases whose deliveries nobody is sending any more.
enum LostLeases {
    /// At the start of a process: those of its predecessor of the same name, and all that have expired.
    case endedOrOf(String)
    /// While a process runs: expired leases except its own, since it knows what it is sending.
    case endedButOf(String)

    var owner: String {
        switch self {
        case .endedOrOf(let owner), .endedButOf(let owner): owner
        }
    }

    /// For a claimed delivery; `$1` is the time, `$2` the owner. Both are in the index of leases.
    var condition: String {
        switch self {
        case .endedOrOf: "lease_until >= 0 AND (lease_until < $1 OR lease_owner = $2)"
        case .endedButOf: "lease_until < $1 AND lease_owner <> $2"
        }
    }
}

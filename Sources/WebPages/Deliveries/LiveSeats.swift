import Notifications

/// How many live lists are open, as a value. Nobody may have more of them than are still free, so the last ones are for
/// organizations that have few.
struct LiveSeats {
    var most = 512
    var mostOfOne = 16
    private var taken: [OrganizationID: Int] = [:]
    private var total = 0

    init() {}

    /// False when there is no room for one more of that organization.
    mutating func take(for organization: OrganizationID) -> Bool {
        let own = taken[organization] ?? 0
        guard own < min(mostOfOne, most - total) else { return false }
        taken[organization] = own + 1
        total += 1
        return true
    }

    mutating func free(of organization: OrganizationID) {
        guard let own = taken[organization] else { return }
        taken[organization] = own > 1 ? own - 1 : nil
        total -= 1
    }
}

import Notifications

/// Counts what is open for news, such as live lists, as a value. No organization may have more than are still free, so
/// the last ones go to organizations with few.
package struct LiveSeats {
    package var most = 512
    package var mostOfOne = 16
    private var taken: [OrganizationID: Int] = [:]
    private var total = 0

    package init() {}

    /// False if there is no room for another one of that organization.
    package mutating func take(for organization: OrganizationID) -> Bool {
        let own = taken[organization] ?? 0
        guard own < min(mostOfOne, most - total) else { return false }
        taken[organization] = own + 1
        total += 1
        return true
    }

    /// Gives one back that was taken.
    package mutating func free(of organization: OrganizationID) {
        guard let own = taken[organization] else { return }
        taken[organization] = own > 1 ? own - 1 : nil
        total -= 1
    }
}

import Notifications

/// The newest number of each organization in which somebody waits for news, as a value. However many wait, the number
/// is read four times a second.
struct NewestNumbers {
    typealias Instant = ContinuousClock.Instant

    private struct Entry {
        var waiting = 0
        var readAt: Instant?
        var number: Int64?
    }

    static let interval = Duration.milliseconds(250)

    private var entries: [OrganizationID: Entry] = [:]

    mutating func join(_ organization: OrganizationID) {
        entries[organization, default: Entry()].waiting += 1
    }

    mutating func leave(_ organization: OrganizationID) {
        entries[organization]?.waiting -= 1
        if entries[organization]?.waiting == 0 { entries[organization] = nil }
    }

    func waiting(in organization: OrganizationID) -> Int { entries[organization]?.waiting ?? 0 }

    /// True if the caller is to read the number now; the others go by what it finds.
    mutating func takeTurn(_ organization: OrganizationID, at now: Instant) -> Bool {
        guard let entry = entries[organization] else { return true }
        if let readAt = entry.readAt, now < readAt + Self.interval { return false }
        entries[organization]?.readAt = now
        return true
    }

    mutating func note(_ number: Int64, of organization: OrganizationID) {
        let known = entries[organization]?.number ?? number
        entries[organization]?.number = max(number, known)
    }

    /// Nil until it has been read.
    func number(of organization: OrganizationID) -> Int64? { entries[organization]?.number }
}

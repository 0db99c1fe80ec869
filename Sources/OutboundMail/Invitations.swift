import Notifications

/// Sees to it that nobody is asked often to confirm an address, whoever enters it, and that no organization asks many.
/// What it remembers is bounded by both.
struct Invitations: Sendable {
    /// An address is asked once in this time, however it is spelled: most mail servers ignore case.
    private static let pause = Duration.seconds(600)
    /// How many addresses an organization asks in an hour: five channels with all the recipients that fit.
    static let mostOfOrganization = 100
    private static let hour = Duration.seconds(3600)
    private static let mostKept = 10_000

    private struct Count {
        var asked = 0
        var since: Timestamp
    }

    private var asked: [String: Timestamp] = [:]
    private var counts: [OrganizationID?: Count] = [:]

    /// Notes that they are asked now, unless one of them was a short while ago or the organization has asked too many.
    mutating func mayAsk(_ recipients: [MailAddress], for payer: OrganizationID?, at now: Timestamp) -> Bool {
        let names = recipients.map { $0.text.lowercased() }
        guard names.allSatisfy({ name in asked[name].map { now - $0 >= Self.pause } ?? true }) else { return false }
        var count = counts[payer] ?? Count(since: now)
        if now - count.since >= Self.hour { count = Count(since: now) }
        guard count.asked + names.count <= Self.mostOfOrganization else { return false }
        count.asked += names.count
        makeRoom(at: now)
        counts[payer] = count
        for name in names { asked[name] = now }
        return true
    }

    /// Forgets what has no effect anymore; all, if everything has: nobody is kept from confirming by what others do.
    private mutating func makeRoom(at now: Timestamp) {
        if asked.count >= Self.mostKept {
            asked = asked.filter { now - $0.value < Self.pause }
            if asked.count >= Self.mostKept { asked = [:] }
        }
        if counts.count >= Self.mostKept {
            counts = counts.filter { now - $0.value.since < Self.hour }
            if counts.count >= Self.mostKept { counts = [:] }
        }
    }

    /// They did not get the request after all.
    mutating func forget(_ recipients: [MailAddress]) {
        for recipient in recipients { asked[recipient.text.lowercased()] = nil }
    }
}

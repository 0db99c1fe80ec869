/// A request that was refused for lack of permission.
package struct RefusedAttempt: Sendable {
    package let organization: OrganizationID
    package let principal: Principal
    /// What was attempted: `channel.update`.
    package let action: String
    package let reason: String

    package init(organization: OrganizationID, principal: Principal, action: String, reason: String) {
        self.organization = organization
        self.principal = principal
        self.action = action
        self.reason = reason
    }
}

/// Refusals within one minute that have not been written yet.
package struct RefusalTally: Equatable, Sendable {
    package let organization: OrganizationID
    /// Whose they are; nil for those beyond the number of keys and actions that are counted apart.
    package let subject: RefusalTallies.Subject?
    package let reason: String
    /// The origin of the last one.
    package fileprivate(set) var origin: AuditOrigin
    package fileprivate(set) var count: Int
    package fileprivate(set) var first: Timestamp
    package fileprivate(set) var last: Timestamp
    fileprivate var minuteBegan: Timestamp
}

/// Merges refusals, so that a caller who asks a thousand times a second for what it may not do leaves two entries a
/// minute in the audit log instead of sixty thousand. The first refusal of a key and an action is written at once;
/// those of the following minute, and of each further minute with any, become one entry with their count, first and
/// last.
///
/// A pure value. Each organization has a budget of entries, so many keys and actions do not fill the log either; what
/// exceeds it is counted together, in one entry a minute.
package struct RefusalTallies: Sendable {
    /// What is counted together.
    package struct Subject: Hashable, Sendable {
        package let principal: Principal
        package let action: String
    }

    private struct Place: Hashable {
        let organization: OrganizationID
        let subject: Subject?
    }

    /// How many entries an organization may still write.
    private struct Share {
        var budget = RefusalTallies.mostOfAnOrganization
        var refilledAt: Timestamp
        var tallies = 0
    }

    package static let minute = Duration.seconds(60)
    /// How many entries an organization may have at once, and how many more each minute.
    package static let mostOfAnOrganization = 256
    package static let refill = 16
    package static let mostInAll = 10_000

    private var tallies: [Place: RefusalTally] = [:]
    private var shares: [OrganizationID: Share] = [:]

    package init() {}

    /// How many tallies are in memory.
    package var count: Int { tallies.count }
    /// How many organizations' budgets are in memory.
    package var organizations: Int { shares.count }

    /// Counts a refusal, and returns whether to write it at once instead. With `mayWrite` false, it is always counted.
    package mutating func note(
        _ refusal: RefusedAttempt, origin: AuditOrigin, at: Timestamp, mayWrite: Bool
    ) -> Bool {
        let subject = Subject(principal: refusal.principal, action: refusal.action)
        let place = Place(organization: refusal.organization, subject: subject)
        if tallies[place] != nil {
            add(1, to: place, origin, from: at, to: at)
            return false
        }
        guard hasRoom(refusal.organization), spend(of: refusal.organization, at: at) else {
            addTogether(1, of: refusal.organization, origin, from: at, to: at)
            return false
        }
        begin(place, reason: refusal.reason, origin, at, count: mayWrite ? 0 : 1)
        return mayWrite
    }

    /// Removes and returns what is to be written now: tallies whose minute is over, or all with `isLast`. Tallies that
    /// have counted nothing for a minute are dropped.
    package mutating func ripe(at now: Timestamp, isLast: Bool = false) -> [RefusalTally] {
        let over = tallies.filter { isLast || now >= $0.value.minuteBegan + Self.minute || now < $0.value.minuteBegan }
        var due: [RefusalTally] = []
        // The shared tallies come last: some of the others may be added to them.
        let alone = over.filter { $0.key.subject != nil }.sorted { $0.value.first < $1.value.first }
        for place in alone.map(\.key) + over.keys.filter({ $0.subject == nil }) {
            guard let tally = tallies[place] else { continue }
            if tally.count == 0 || isLast || place.subject == nil { forget(place) } else { renew(place, at: now) }
            guard tally.count > 0 else { continue }
            if isLast || place.subject == nil || spend(of: place.organization, at: now) {
                due.append(tally)
            } else {
                addTogether(tally.count, of: place.organization, tally.origin, from: tally.first, to: tally.last)
            }
        }
        shares = shares.filter { $0.value.tallies > 0 || now < $0.value.refilledAt + Self.minute * 16 }
        return due
    }

    /// Adds tallies back that could not be written.
    package mutating func putBack(_ unwritten: [RefusalTally]) {
        for tally in unwritten {
            let place = Place(organization: tally.organization, subject: tally.subject)
            if tallies[place] == nil {
                begin(place, reason: tally.reason, tally.origin, tally.first, count: 0)
            }
            add(tally.count, to: place, tally.origin, from: tally.first, to: tally.last)
        }
    }
}

extension RefusalTallies {
    private func hasRoom(_ organization: OrganizationID) -> Bool {
        shares[organization].map { $0.tallies < Self.mostOfAnOrganization } ?? true && tallies.count < Self.mostInAll
    }

    /// Spends one entry of the organization's budget; false if none is left.
    private mutating func spend(of organization: OrganizationID, at now: Timestamp) -> Bool {
        var share = shares[organization] ?? Share(refilledAt: now)
        if now < share.refilledAt { share.refilledAt = now }
        while share.budget < Self.mostOfAnOrganization, now >= share.refilledAt + Self.minute {
            share.budget = min(share.budget + Self.refill, Self.mostOfAnOrganization)
            share.refilledAt = share.refilledAt + Self.minute
        }
        if share.budget == Self.mostOfAnOrganization { share.refilledAt = now }
        defer { shares[organization] = share }
        guard share.budget > 0 else { return false }
        share.budget -= 1
        return true
    }

    private mutating func begin(
        _ place: Place, reason: String, _ origin: AuditOrigin, _ at: Timestamp, count: Int
    ) {
        tallies[place] = RefusalTally(
            organization: place.organization, subject: place.subject, reason: reason, origin: origin, count: count,
            first: at, last: at, minuteBegan: at)
        shares[place.organization, default: Share(refilledAt: at)].tallies += 1
    }

    private mutating func add(
        _ count: Int, to place: Place, _ origin: AuditOrigin, from first: Timestamp, to last: Timestamp
    ) {
        guard var tally = tallies[place] else { return }
        if tally.count == 0 { (tally.first, tally.last) = (first, last) }
        tally.first = min(tally.first, first)
        tally.last = max(tally.last, last)
        tally.count += count
        tally.origin = origin
        tallies[place] = tally
    }

    private mutating func addTogether(
        _ count: Int, of organization: OrganizationID, _ origin: AuditOrigin, from first: Timestamp, to last: Timestamp
    ) {
        // One more tally for each organization that has any, and one for all the others.
        let isKnown = shares[organization].map { $0.tallies > 0 } ?? false
        let owner = isKnown || tallies.count < Self.mostInAll ? organization : .installation
        let place = Place(organization: owner, subject: nil)
        if tallies[place] == nil {
            begin(
                place, reason: "Too many different keys or actions were refused to list each.", origin, first, count: 0)
        }
        add(count, to: place, origin, from: first, to: last)
    }

    private mutating func renew(_ place: Place, at now: Timestamp) {
        tallies[place]?.count = 0
        tallies[place]?.minuteBegan = now
    }

    private mutating func forget(_ place: Place) {
        tallies[place] = nil
        shares[place.organization]?.tallies -= 1
    }
}

extension RefusalTally {
    package var detail: JSONValue {
        [
            "attempted": JSONValue(subject?.action), "reason": .string(reason), "count": .integer(Int64(count)),
            "first_at": JSONValue(first), "last_at": JSONValue(last),
        ]
    }
}

import Notifications
import Testing

@Suite struct RefusalTalliesTests {
    private static let organization = OrganizationID(7)
    private static let origin = AuditOrigin(keyID: "k", source: "192.0.2.1")

    private static func key(_ user: Int64) -> KeyID { KeyID("0198c0de-0000-7000-8000-00000000000\(user)") ?? .least }

    private static func refusal(_ action: String = "channels.list", user: Int64 = 1, of organization: Int64 = 7)
        -> RefusedAttempt
    {
        RefusedAttempt(
            organization: OrganizationID(organization),
            principal: .user(UserID(user), of: OrganizationID(organization), key: key(user)),
            action: action, reason: "No.")
    }

    @Test func theFirstIsWrittenAndTheRestOfTheMinuteIsOneEntry() {
        let tallies = Tallies()
        let refusal = Self.refusal()
        let start = Samples.at
        #expect(tallies.note(refusal, origin: Self.origin, at: start, mayWrite: true))
        for second in 1...1000 {
            #expect(!tallies.note(refusal, origin: Self.origin, at: start + .milliseconds(second), mayWrite: true))
        }
        #expect(tallies.ripe(at: start + .seconds(59)) == [])
        let due = tallies.ripe(at: start + .seconds(60))
        #expect(due.map(\.count) == [1000])
        #expect(due.first?.first == start + .milliseconds(1) && due.first?.last == start + .milliseconds(1000))
        // Refusals continue: from now on each minute gets one entry, and a minute without any ends the tally.
        #expect(!tallies.note(refusal, origin: Self.origin, at: start + .seconds(70), mayWrite: true))
        #expect(tallies.ripe(at: start + .seconds(120)).map(\.count) == [1])
        #expect(tallies.ripe(at: start + .seconds(180)) == [] && tallies.count == 0)
        #expect(tallies.note(refusal, origin: Self.origin, at: start + .seconds(181), mayWrite: true))
    }

    @Test func keysAndActionsAreCountedSeparately() {
        let tallies = Tallies()
        for refusal in [Self.refusal(), Self.refusal("members.list"), Self.refusal(user: 2), Self.refusal(of: 8)] {
            let isFirst = tallies.note(refusal, origin: Self.origin, at: Samples.at, mayWrite: true)
            #expect(isFirst)
        }
    }

    /// Whatever an organization does, its entries are bounded, and every refusal is counted in one of them.
    @Test func manyKeysAndActionsAreBoundedAndNothingIsLost() {
        let tallies = Tallies()
        var (entries, counted, posted) = (0, 0, 0)
        for minute in 0..<30 {
            let now = Samples.at + .seconds(Int64(minute) * 60)
            for index in 0..<2000 {
                posted += 1
                let refusal = Self.refusal("action.\(index)", user: Int64(index % 5))
                if tallies.note(refusal, origin: Self.origin, at: now, mayWrite: true) {
                    entries += 1
                    counted += 1
                }
            }
            #expect(tallies.count <= RefusalTallies.mostOfAnOrganization + 1)
            let due = tallies.ripe(at: now + .seconds(59))
            entries += due.count
            counted += due.reduce(0) { $0 + $1.count }
        }
        let rest = tallies.ripe(at: Samples.at + .seconds(3600), isLast: true)
        #expect(counted + rest.reduce(0) { $0 + $1.count } == posted)
        #expect(entries <= RefusalTallies.mostOfAnOrganization + 30 * (RefusalTallies.refill + 1))
    }

    @Test func manyOrganizationsAreBoundedToo() {
        let tallies = Tallies()
        for organization in 0..<Int64(RefusalTallies.mostInAll + 500) {
            _ = tallies.note(
                Self.refusal(of: organization), origin: Self.origin, at: Samples.at, mayWrite: true)
        }
        #expect(tallies.count == RefusalTallies.mostInAll + 1)
        let last = tallies.ripe(at: Samples.at, isLast: true)
        #expect(last.map(\.organization) == [.installation] && last.map(\.count) == [500])
    }

    /// Who was refused long ago takes no memory.
    @Test func organizationsAreForgotten() {
        let tallies = Tallies()
        for organization in 1...5 as ClosedRange<Int64> {
            #expect(
                tallies.note(Self.refusal(of: organization), origin: Self.origin, at: Samples.at, mayWrite: true))
        }
        #expect(tallies.organizations == 5)
        for minute in 1...20 as ClosedRange<Int64> { _ = tallies.ripe(at: Samples.at + .seconds(60 * minute)) }
        #expect(tallies.count == 0 && tallies.organizations == 0)
    }

    @Test func onAFullDiskAllAreCountedAndUnwrittenTalliesArePutBack() {
        let tallies = Tallies()
        #expect(!tallies.note(Self.refusal(), origin: Self.origin, at: Samples.at, mayWrite: false))
        #expect(!tallies.note(Self.refusal(), origin: Self.origin, at: Samples.at + .seconds(1), mayWrite: false))
        let due = tallies.ripe(at: Samples.at + .seconds(60))
        #expect(due.map(\.count) == [2])
        tallies.putBack(due)
        #expect(!tallies.note(Self.refusal(), origin: Self.origin, at: Samples.at + .seconds(61), mayWrite: true))
        let again = tallies.ripe(at: Samples.at + .seconds(120))
        #expect(again.map(\.count) == [3] && again.first?.first == Samples.at)
    }
}

/// Holds the value where `#expect` can change it.
private final class Tallies {
    private var value = RefusalTallies()

    var count: Int { value.count }
    var organizations: Int { value.organizations }

    func note(_ refusal: RefusedAttempt, origin: AuditOrigin, at: Timestamp, mayWrite: Bool) -> Bool {
        value.note(refusal, origin: origin, at: at, mayWrite: mayWrite)
    }

    func ripe(at now: Timestamp, isLast: Bool = false) -> [RefusalTally] { value.ripe(at: now, isLast: isLast) }

    func putBack(_ unwritten: [RefusalTally]) { value.putBack(unwritten) }
}

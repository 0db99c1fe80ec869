import Notifications
import Testing

@testable import Repository

/// When a checkpoint is due, from what memory knows.
@Suite struct AuditLedgerTests {
    private let start = Timestamp(seconds: 1_000_000)

    private func ledger() -> AuditLedger { AuditLedger { _ in } }

    /// A transaction marks its bucket before it commits. A checkpoint that begins in between does not see the entry.
    @Test func aChangeThatWasNotThereYetIsLookedForAgain() {
        let ledger = ledger()
        ledger.changed(bucket: 7, at: start)
        #expect(ledger.begin(at: start).contains(7))
        #expect(!ledger.isDue(at: start + .seconds(49)))
        #expect(ledger.isDue(at: start + .seconds(50)))
        ledger.everythingIsSigned(at: start + .seconds(50))
        #expect(!ledger.isDue(at: start + .seconds(3600)))
    }

    @Test func aChangeSinceIsNotForgottenBecauseTheOthersAreSigned() {
        let ledger = ledger()
        ledger.changed(bucket: 7, at: start)
        _ = ledger.begin(at: start)
        ledger.changed(bucket: 8, at: start + .seconds(1))
        ledger.everythingIsSigned(at: start + .seconds(50))
        #expect(!ledger.isDue(at: start + .seconds(99)) && ledger.isDue(at: start + .seconds(100)))
        // It was rolled back.
        ledger.everythingIsSigned(at: start + .seconds(100))
        #expect(!ledger.isDue(at: start + .seconds(3600)))
    }

    @Test func itIsDueBeforeTheLimits() {
        for (changes, seconds, isDue) in [
            (499, 49, false), (500, 0, true), (1, 50, true), (1, -1, true), (0, 49, false),
        ] {
            let now = start + .seconds(seconds)
            #expect(AuditLedger.isDue(after: changes, since: start, at: now) == isDue, "\(changes), \(seconds)")
        }
    }
}

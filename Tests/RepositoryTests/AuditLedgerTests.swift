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
        let look = ledger.look()
        #expect(look.buckets.contains(7))
        ledger.covered(look, at: start)
        #expect(!ledger.isDue(at: start + .seconds(49)))
        #expect(ledger.isDue(at: start + .seconds(50)))
        ledger.everythingIsSigned(at: start + .seconds(50))
        #expect(!ledger.isDue(at: start + .seconds(3600)))
    }

    @Test func aChangeSinceIsNotForgottenBecauseTheOthersAreSigned() {
        let ledger = ledger()
        ledger.changed(bucket: 7, at: start)
        ledger.covered(ledger.look(), at: start)
        ledger.changed(bucket: 8, at: start + .seconds(1))
        ledger.everythingIsSigned(at: start + .seconds(50))
        #expect(!ledger.isDue(at: start + .seconds(99)) && ledger.isDue(at: start + .seconds(100)))
        // It was rolled back.
        ledger.everythingIsSigned(at: start + .seconds(100))
        #expect(!ledger.isDue(at: start + .seconds(3600)))
    }

    @Test func aChangeAfterTheLookIsNotCovered() {
        let ledger = ledger()
        for bucket in [7, 8] { ledger.changed(bucket: bucket, at: start) }
        _ = ledger.root(with: Dictionary(uniqueKeysWithValues: (0..<AuditRoot.bucketCount).map { ($0, [1]) }))
        let look = ledger.look()
        ledger.changed(bucket: 8, at: start + .seconds(1))
        ledger.covered(look, at: start + .seconds(2))
        #expect(ledger.look().buckets == [7, 8], "7 is looked for once more")
        ledger.covered(ledger.look(), at: start + .seconds(60))
        #expect(ledger.look().buckets == [8])
        #expect(ledger.isDue(at: start + .seconds(110)))
    }

    @Test func aFailedCheckpointIsTriedAgain() {
        let ledger = ledger()
        ledger.changed(bucket: 7, at: start)
        ledger.failed(at: start + .seconds(50))
        #expect(!ledger.isDue(at: start + .seconds(99)) && ledger.isDue(at: start + .seconds(100)))
        #expect(ledger.look().buckets.contains(7))
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

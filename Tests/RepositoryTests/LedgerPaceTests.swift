import Testing

@testable import Repository

@Suite struct LedgerPaceTests {
    /// However the work is split, it takes at most a quarter of the time.
    @Test(arguments: [Duration.microseconds(100), .milliseconds(1), .milliseconds(40)])
    func aQuarterOfTheTimeIsWork(piece: Duration) {
        var pace = LedgerPace()
        let rests = (0..<1000).compactMap { _ in pace.rest(after: piece) }
        let (work, rest) = (piece * 1000, rests.reduce(.zero, +))
        #expect(rest <= work * 3 && rest > work * 2)
        #expect(rests.allSatisfy { $0 >= .milliseconds(2) })
    }
}

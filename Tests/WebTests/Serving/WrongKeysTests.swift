import Testing

@testable import WebServing

@Suite struct WrongKeysTests {
    /// One line a minute, however many there are; the next line says how many it stands for.
    @Test func oneLineAMinuteSaysHowManyThereWere() {
        let keys = WrongKeys()
        let start = ContinuousClock.now
        #expect(keys.others(at: start) == 0)
        for second in 1...50 { #expect(keys.others(at: start + .seconds(second)) == nil) }
        #expect(keys.others(at: start + .seconds(60)) == 50)
        #expect(keys.others(at: start + .seconds(61)) == nil)
        #expect(keys.others(at: start + .seconds(200)) == 1)
    }
}

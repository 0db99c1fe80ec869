import Testing

@testable import EventRouting

@Suite struct ReceiverWindowTests {
    private static let far = ReceiverWindow.Signal.taken(after: .milliseconds(100))

    /// Several rounds with a receiver that always has as much in flight as the window allows.
    private func after(
        rounds: Int, of signal: ReceiverWindow.Signal, _ window: ReceiverWindow = ReceiverWindow(8...128)
    ) -> ReceiverWindow {
        var window = window
        for _ in 0..<rounds {
            let underWay = window.limit
            for _ in 0..<underWay { window.heard(signal, underWay: underWay) }
        }
        return window
    }

    @Test func `it doubles each round, up to its bound`() {
        #expect((0...5).map { after(rounds: $0, of: Self.far).limit } == [8, 16, 32, 64, 128, 128])
    }

    @Test func `a window that is not used does not grow`() {
        var window = ReceiverWindow(8...128)
        for _ in 0..<1000 { window.heard(Self.far, underWay: 4) }
        #expect(window.limit == 8)
    }

    @Test func `an answer that asks for less halves it once a round, and it grows slowly from then on`() {
        var window = after(rounds: 4, of: Self.far)
        for _ in 0..<100 { window.heard(.busy, underWay: 128) }
        #expect(window.limit == 64)
        for _ in 0..<28 { window.heard(Self.far, underWay: 64) }
        #expect(after(rounds: 10, of: Self.far, window).limit == 73)
        window.heard(.busy, underWay: 64)
        #expect(window.limit == 32)
    }

    @Test func `no answer at all brings it down to its least`() {
        var window = after(rounds: 4, of: Self.far)
        window.heard(.absent, underWay: 128)
        #expect(window.limit == 8)
        for _ in 0..<500 { window.heard(.absent, underWay: 8) }
        #expect(window.limit == 8)
    }

    /// A receiver that handles one request at a time takes n times its own time for a window of n.
    @Test func `a receiver with one worker is not flooded`() {
        var window = ReceiverWindow(8...128)
        for _ in 0..<200 {
            let underWay = window.limit
            for place in 1...underWay { window.heard(.taken(after: .milliseconds(44 * place)), underWay: underWay) }
        }
        #expect(window.limit <= 20)
    }

    @Test func `one that becomes slow gets less, and is measured anew in time`() {
        var window = after(rounds: 4, of: .taken(after: .milliseconds(20)))
        window = after(rounds: 1, of: .taken(after: .milliseconds(900)), window)
        #expect(window.limit < 128)
        #expect(after(rounds: 40, of: .taken(after: .milliseconds(900)), window).limit == 128)
    }
}

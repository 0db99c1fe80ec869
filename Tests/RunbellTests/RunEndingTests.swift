import Notifications
import Testing

@testable import runbell

@Suite("How a command's end becomes a run's status")
struct RunEndingTests {
    @Test(
        "Exit codes of k6",
        arguments: [
            (0, TestStatus.finished), (99, .failedThreshold), (105, .abortedByUser), (107, .abortedByScriptError),
            (108, .abortedByScriptError), (1, .abortedBySystem), (104, .abortedBySystem), (255, .abortedBySystem),
        ] as [(Int32, TestStatus)])
    func codes(code: Int32, status: TestStatus) {
        let ending = RunEnding(.code(code))
        #expect(ending.status(abortOnFail: false) == status)
        #expect(ending.code == code)
    }

    @Test("Only a failed threshold that aborts has another status")
    func abortOnFail() {
        #expect(RunEnding(.code(99)).status(abortOnFail: true) == .abortedByThreshold)
        #expect(RunEnding(.code(0)).status(abortOnFail: true) == .finished)
    }

    @Test("The time-out takes precedence, then a signal to watch, then the exit code")
    func precedence() {
        #expect(RunEnding(.code(0), timedOut: true, interrupted: true).status(abortOnFail: false) == .timedOut)
        #expect(RunEnding(.code(99), interrupted: true).status(abortOnFail: false) == .abortedByUser)
    }

    @Test("Death by a signal is 128 and the signal, as in a shell")
    func signals() {
        #expect(RunEnding(.signal(9)).code == 137)
        #expect(RunEnding(.signal(9)).status(abortOnFail: false) == .abortedBySystem)
    }
}

import ArgumentParser
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
        #expect(ending.status(ExitCodes()) == status)
        #expect(ending.code == code)
    }

    @Test("Only a failed threshold that aborts has another status")
    func abortOnFail() {
        #expect(RunEnding(.code(99)).status(ExitCodes(abortOnFail: true)) == .abortedByThreshold)
        #expect(RunEnding(.code(0)).status(ExitCodes(abortOnFail: true)) == .finished)
    }

    @Test("The time-out takes precedence, then a signal to watch, then the exit code")
    func precedence() {
        #expect(RunEnding(.code(0), timedOut: true, interrupted: true).status(ExitCodes()) == .timedOut)
        #expect(RunEnding(.code(99), interrupted: true).status(ExitCodes()) == .abortedByUser)
    }

    @Test("Death by a signal is 128 and the signal, as in a shell")
    func signals() {
        #expect(RunEnding(.signal(9)).code == 137)
        #expect(RunEnding(.signal(9)).status(ExitCodes()) == .abortedBySystem)
    }

    @Test("Exit codes of another tool")
    func typedCodes() throws {
        let codes = try ExitCodes(
            abortOnFail: true, typed: ["2=failed-threshold", "1=8", "99=finished", "0=failed-threshold"])
        #expect(RunEnding(.code(2)).status(codes) == .failedThreshold)
        #expect(RunEnding(.code(1)).status(codes) == .abortedBySystem)
        #expect(RunEnding(.code(99)).status(codes) == .finished)
        #expect(RunEnding(.code(0)).status(codes) == .failedThreshold)
        #expect(RunEnding(.code(105)).status(codes) == .abortedByUser)
        #expect(RunEnding(.code(2), timedOut: true).status(codes) == .timedOut)
        #expect(RunEnding(.signal(2)).status(codes) == .abortedBySystem)
    }

    @Test("All mistakes in exit codes are named")
    func mistypedCodes() throws {
        let typed = [
            "2", "256=finished", "-1=finished", "3=failed-treshold", "4=running", "5=finished", "5=finished", "=3",
        ]
        let error = try #require(throws: ArgumentParser.ValidationError.self) { try ExitCodes(typed: typed) }
        #expect(error.message.pieces(between: "\n").count == 7)
        #expect(error.message.contains("--exit-code 3=failed-treshold: Must be a code"))
        #expect(error.message.contains("--exit-code 5=finished: Exit code 5 is given twice."))
    }
}

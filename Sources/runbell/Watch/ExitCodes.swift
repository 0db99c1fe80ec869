import ArgumentParser
import Notifications

/// What the exit codes of a load-test tool say about a run: those of k6, unless others are given.
struct ExitCodes: Equatable, Sendable {
    private var statuses: [Int32: TestStatus]

    /// k6's (https://pkg.go.dev/go.k6.io/k6/errext/exitcodes). A script decides whether a failed threshold aborts it, but
    /// k6 exits with 99 either way: `abortOnFail` says which.
    init(abortOnFail: Bool = false) {
        statuses = [
            0: .finished, 99: abortOnFail ? .abortedByThreshold : .failedThreshold, 105: .abortedByUser,
            107: .abortedByScriptError, 108: .abortedByScriptError,
        ]
    }

    /// - Parameter typed: `2=failed-threshold` each, which take precedence.
    /// - Throws: a `ValidationError` that names all mistakes.
    init(abortOnFail: Bool = false, typed: [String]) throws {
        self.init(abortOnFail: abortOnFail)
        var (named, mistakes): (Set<Int32>, [String]) = ([], [])
        for text in typed {
            do {
                let (code, status) = try Self.pair(text)
                guard named.insert(code).inserted else { throw ValidationError("Exit code \(code) is given twice.") }
                statuses[code] = status
            } catch let error as ArgumentParser.ValidationError {
                mistakes.append("--exit-code \(text.printable): \(error.message)")
            }
        }
        guard mistakes.isEmpty else { throw ValidationError(mistakes.joined(separator: "\n")) }
    }

    subscript(code: Int32) -> TestStatus { statuses[code] ?? .abortedBySystem }

    private static func pair(_ text: String) throws -> (Int32, TestStatus) {
        let pieces = text.pieces(between: "=", atMost: 2)
        guard pieces.count == 2, let code = Int32(pieces[0]), (0...255).contains(code) else {
            throw ValidationError("Must be an exit code, 0 to 255, and a status: 2=failed-threshold.")
        }
        let status = try StatusWord.one(String(pieces[1]))
        guard status.isFinal else {
            throw ValidationError("The status must be one that a run can end with.")
        }
        return (code, status)
    }
}

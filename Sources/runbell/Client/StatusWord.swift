import ArgumentParser
import Notifications

/// The statuses of a run as one types them: `failed-threshold`, or 12.
enum StatusWord {
    /// Every end of a run but `finished`.
    static let failed = "failed"

    static func word(of status: TestStatus) -> String {
        status.text.lowercased().replacing(" ", with: "-")
    }

    private static let words = TestStatus.allCases.map(word)

    /// One or several, separated by commas; `failed` stands for every end of a run but `finished`.
    @Sendable static func several(_ typed: String) throws -> [TestStatus] {
        try typed.pieces(between: ",").flatMap { piece -> [TestStatus] in
            if piece.sameBytes(as: failed) { return TestStatus.final.filter { $0 != .finished } }
            return [try status(String(piece), among: [failed] + words)]
        }
    }

    @Sendable static func one(_ typed: String) throws -> TestStatus { try status(typed, among: words) }

    private static func status(_ typed: String, among words: [String]) throws -> TestStatus {
        let found = Int64(typed).flatMap(TestStatus.init(rawValue:))
        if let status = found ?? TestStatus.allCases.first(where: { word(of: $0).sameBytes(as: typed) }) {
            return status
        }
        throw ValidationError(
            "Must be a code from -1 to 12, or one of \(words.joined(separator: ", "))."
                + NearestWord.hint(typed, among: words))
    }
}

/// The colors of words in tables (ECMA-48, select graphic rendition). The words say it all without them.
enum Paint: String {
    case heading = "1"
    case good = "32"
    case bad = "31"
    case waiting = "33"
    case quiet = "2"

    func on(_ text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }

    /// Of a word in a column with that heading; nil for none.
    static func of(_ word: String, under heading: String) -> Paint? {
        switch heading {
        case "BALANCED": ["yes": .good, "no": .bad][word]
        case "STATE", "STATUS", "VERDICT": words[word]
        default: nil
        }
    }

    private static let words: [String: Paint] = [
        "delivered": .good, "enabled": .good, "finished": .good, "Finished": .good,
        "failed": .bad, "failing": .bad, "disabled": .bad, "Timed out": .bad, "Failed threshold": .bad, "refused": .bad,
        "gone": .bad,
        "Aborted by user": .bad, "Aborted by system": .bad, "Aborted by script error": .bad,
        "Aborted by threshold": .bad,
        "due": .waiting, "claimed": .waiting, "paused": .waiting, "retry": .waiting, "postponed": .waiting,
        "running": .waiting,
        "skipped": .quiet, "cancelled": .quiet, "none": .quiet,
    ]
}

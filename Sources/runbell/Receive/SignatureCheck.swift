import Notifications

/// Checks a notification as Standard Webhooks 1.0.0 requires of receivers.
struct SignatureCheck: Sendable {
    enum Result: String, Sendable {
        case unchecked, valid, missing, stale, wrong

        var text: String {
            switch self {
            case .unchecked: "signature not checked"
            case .valid: "signature valid"
            case .missing: "SIGNATURE MISSING"
            case .stale: "SIGNATURE TOO OLD"
            case .wrong: "SIGNATURE WRONG"
            }
        }
    }

    let secret: SigningSecret?

    /// How far the clocks may differ, in seconds.
    static let tolerance: Int64 = 300

    /// Header names in lower case.
    func result(headers: [String: String], body: [UInt8], at now: Timestamp) -> Result {
        guard let secret else { return .unchecked }
        guard let id = headers["webhook-id"], let time = headers["webhook-timestamp"].flatMap({ Int64($0) }),
            let given = headers["webhook-signature"]
        else { return .missing }
        guard abs(now.seconds - time) <= Self.tolerance else { return .stale }
        let expected = secret.signature(id: id, timestamp: time, body: body)
        return given.pieces(between: " ").contains { Self.isSame($0, expected) } ? .valid : .wrong
    }

    /// Compares in constant time.
    private static func isSame(_ one: Substring, _ other: String) -> Bool {
        guard one.utf8.count == other.utf8.count else { return false }
        return zip(one.utf8, other.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

import NIOCore

/// Decides whether a look-up without an answer is the name's fault or our name server's, from what other names did
/// meanwhile.
struct NameServerWatch {
    enum Judgment { case name, nameServer, unclear }

    /// How many names that have resolved before must have failed, since any name was answered, to conclude that the
    /// name server is down.
    private static let crowd = 3

    private var answeredAt: NIODeadline?
    private var failing: Set<String> = []

    /// A name was answered, even if only that it does not exist.
    mutating func answered(at now: NIODeadline) {
        answeredAt = now
        failing = []
    }

    mutating func failed(_ name: String, isKnown: Bool) {
        if isKnown, failing.count < Self.crowd { failing.insert(name) }
    }

    /// Judges a failed look-up that began at `start`.
    func judgment(since start: NIODeadline) -> Judgment {
        if let answeredAt, answeredAt >= start { return .name }
        return failing.count >= Self.crowd ? .nameServer : .unclear
    }
}

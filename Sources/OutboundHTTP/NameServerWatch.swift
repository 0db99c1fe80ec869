import NIOCore

/// Whom to blame for a name that gave no answer: a value that knows what other names did meanwhile.
struct NameServerWatch {
    enum Judgement { case name, nameServer, unclear }

    /// So many names that have answered before must have failed since the last answer of any, before that alone says that
    /// nobody is answered.
    private static let crowd = 3

    private var answeredAt: NIODeadline?
    private var failing: Set<String> = []

    /// Any name was answered for, were it that it does not exist.
    mutating func answered(at now: NIODeadline) {
        answeredAt = now
        failing = []
    }

    mutating func failed(_ name: String, isKnown: Bool) {
        if isKnown, failing.count < Self.crowd { failing.insert(name) }
    }

    /// Of a look-up that began at that time and has failed.
    func judgement(since start: NIODeadline) -> Judgement {
        if let answeredAt, answeredAt >= start { return .name }
        return failing.count >= Self.crowd ? .nameServer : .unclear
    }
}

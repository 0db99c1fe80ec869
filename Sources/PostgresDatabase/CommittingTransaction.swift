/// A transaction that is about to commit, and what its server was then: enough to find out later what became of it.
struct CommittingTransaction: Equatable, Sendable {
    let id: String
    /// How much the server had written when the transaction had begun to write, and had not committed. Whoever has
    /// recovered less has no commit of it; whoever has recovered more gives its number to no other.
    let place: UInt64
    let server: ServerState

    /// The answer to `SessionCommands.transaction`.
    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
        guard parts.count == 3, let place = UInt64(parts[1]), let server = ServerState(parts[2]) else { return nil }
        (self.id, self.place, self.server) = (parts[0], place, server)
    }

    enum Knowledge {
        /// The server says what became of it.
        case isThere
        /// It never reached this server, which may have given its number to another transaction.
        case isMissing
        case isUncertain
    }

    /// What a server knows of it, which may have crashed meanwhile, or have been a standby.
    func knowledge(of now: ServerState) -> Knowledge {
        guard now != server else { return .isThere }
        guard let recovered = now.recovered else { return now.timeline == server.timeline ? .isThere : .isUncertain }
        return recovered >= place ? .isThere : .isMissing
    }
}

/// Tells a server that has recovered from a crash, or was promoted, from what it was before.
struct ServerState: Equatable, Sendable {
    let startedAt: String
    let timeline: String
    /// Up to where it recovered; nil if it started in order.
    let recovered: UInt64?

    /// The answer to `SessionCommands.server`.
    init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 3 else { return nil }
        (startedAt, timeline, recovered) = (parts[0], parts[1], UInt64(parts[2]))
    }
}

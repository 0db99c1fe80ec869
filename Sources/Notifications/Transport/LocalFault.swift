/// A fault on our side. Nothing was sent, and it says nothing about the receiver: the delivery waits, and the attempt
/// counts neither against its twelve nor against the receiver's health.
package enum LocalFault: String, CaseIterable, Sendable {
    /// A host name could not be resolved: too many look-ups are in progress, or the name server does not answer at all.
    case names
    /// No file descriptor, port or memory was left for another connection.
    case sockets
    /// The network is unreachable.
    case network
    /// A setting of this installation (`RUNBELL_EGRESS_*`) forbids the address, and may be wrong.
    case settings

    /// How long the channel waits before trying again. Settings only change with a restart, which also ends the wait;
    /// the retry is for names that resolve differently by then.
    package var pause: Duration { self == .settings ? .seconds(600) : .seconds(30) }

    package var code: String { Finding.localPrefix + rawValue }
}

extension Finding {
    /// The prefix of the codes of local faults.
    package static let localPrefix = "local."

    /// Whether the finding is a local fault.
    package var isLocal: Bool { code.utf8.starts(with: Self.localPrefix.utf8) }
}

/// A fault on this side of the wire. Nothing was sent, and it says nothing of the receiver: the delivery waits, and the
/// attempt counts neither against its twelve nor against the receiver's health.
package enum LocalFault: String, CaseIterable, Sendable {
    /// A host name could not be looked up: too many look-ups are under way here, or the name server answers nobody.
    case names
    /// There was no file descriptor, port or memory for another connection.
    case sockets
    /// There is no way into the network.
    case network
    /// A setting of this installation (`RUNBELL_EGRESS_*`) does not allow the address, and may have been set wrongly.
    case settings

    /// How long the channel waits before its deliveries are tried again. Settings change only with a restart, which ends
    /// the wait too; asking again now and then is for names that lead elsewhere by then.
    package var pause: Duration { self == .settings ? .seconds(600) : .seconds(30) }

    package var code: String { Finding.localPrefix + rawValue }
}

extension Finding {
    /// Codes of findings about this side begin with it.
    package static let localPrefix = "local."

    /// Whether it is about this side and not about the receiver.
    package var isLocal: Bool { code.utf8.starts(with: Self.localPrefix.utf8) }
}

extension Verdict {
    /// What it means that no answer came, whatever the kind.
    package init(failure: TransportFailure) {
        switch failure {
        case .refused: self = .refused(failure.finding)
        case .local(let trouble, _): self = .postponed(failure.finding, for: trouble.pause)
        default: self = .retry(failure.finding, after: nil)
        }
    }
}

extension TransportFailure {
    /// What happened, as a code for programs and a sentence for people.
    package var finding: Finding {
        switch self {
        case .refused(let why): Finding("address_refused", "The address is not one to send to: \(Self.sentence(why))")
        case .local(let trouble, let why): Finding(trouble.code, "\(Self.sentence(why)) \(trouble.remark)")
        case .resolving(let why):
            Finding("dns", "The host name was not found: \(Self.sentence(why)) Check the address and the name server.")
        case .connecting(let why):
            Finding("connect", "No connection came about: \(Self.sentence(why)) Check that the receiver is running.")
        case .tls(let why):
            Finding("tls", "TLS failed: \(Self.sentence(why)) Check the receiver's certificate and its host name.")
        case .timedOut(let phase):
            Finding(
                "timeout.\(phase.rawValue)", "The time was up \(phase.whileDoing). The receiver must answer sooner.")
        case .disconnected:
            Finding("disconnected", "The receiver closed the connection before it had answered.")
        case .malformed(let why):
            Finding("malformed", "What came back is no HTTP answer that can be read: \(Self.sentence(why))")
        }
    }

    private static func sentence(_ text: String) -> String {
        text.hasSuffix(".") ? text : text + "."
    }
}

extension LocalTrouble {
    fileprivate var remark: String {
        switch self {
        case .settings:
            "The settings of this installation do not allow it."
        case .names, .sockets, .network:
            "This is trouble of the notification service, not of the receiver."
        }
    }
}

extension TransportFailure.Phase {
    fileprivate var whileDoing: String {
        switch self {
        case .resolving: "while the host name was looked up"
        case .connecting: "while the connection was made"
        case .tls: "during the TLS handshake"
        case .sending: "while the request was sent"
        case .waiting: "before an answer came"
        case .reading: "while the answer was read"
        }
    }
}

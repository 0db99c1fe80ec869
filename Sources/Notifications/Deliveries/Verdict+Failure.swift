extension Verdict {
    /// The verdict if there was no answer, whatever the kind.
    package init(failure: TransportFailure) {
        switch failure {
        case .refused: self = .refused(failure.finding)
        case .local(let fault, _): self = .postponed(failure.finding, for: fault.pause)
        default: self = .retry(failure.finding, after: nil)
        }
    }
}

extension TransportFailure {
    /// What happened, as a code for programs and a sentence for people.
    package var finding: Finding {
        switch self {
        case .refused(let why): Finding("address_refused", "The address is not allowed: \(Self.sentence(why))")
        case .local(let fault, let why): Finding(fault.code, "\(Self.sentence(why)) \(fault.remark)")
        case .resolving(let why):
            Finding(
                "dns", "Could not resolve the host name: \(Self.sentence(why)) Check the address and the name server.")
        case .connecting(let why):
            Finding("connect", "Could not connect: \(Self.sentence(why)) Check that the receiver is running.")
        case .tls(let why):
            Finding("tls", "TLS failed: \(Self.sentence(why)) Check the receiver's certificate and host name.")
        case .clientCertificate(let why):
            Finding("client_certificate", "\(Self.sentence(why)) Check the channel's client certificate.")
        case .timedOut(let phase):
            Finding(
                "timeout.\(phase.rawValue)", "Timed out \(phase.whileDoing). The receiver must respond faster.")
        case .disconnected:
            Finding("disconnected", "The receiver closed the connection before it had responded.")
        case .malformed(let why):
            Finding("malformed", "The response is not valid HTTP: \(Self.sentence(why))")
        }
    }

    private static func sentence(_ text: String) -> String {
        text.hasSuffix(".") ? text : text + "."
    }
}

extension LocalFault {
    fileprivate var remark: String {
        switch self {
        case .settings:
            "This installation's settings do not allow it."
        case .names, .sockets, .network:
            "The problem is on Runbell's side, not the receiver's."
        }
    }
}

extension TransportFailure.Phase {
    fileprivate var whileDoing: String {
        switch self {
        case .resolving: "while resolving the host name"
        case .connecting: "while connecting"
        case .tls: "during the TLS handshake"
        case .sending: "while sending the request"
        case .waiting: "while waiting for the response"
        case .reading: "while reading the response"
        }
    }
}

import Notifications

extension TransportFailure {
    /// What went wrong, to end a sentence.
    var text: String {
        switch self {
        case .refused(let reason): "refused (\(reason))"
        case .local(_, let reason): "not sent (\(reason))"
        case .resolving(let reason): "could not resolve the host name (\(reason))"
        case .connecting(let reason): "could not connect (\(reason))"
        case .tls(let reason), .clientCertificate(let reason): "TLS failed (\(reason))"
        case .timedOut(let phase): "timed out while \(phase.rawValue)"
        case .disconnected: "the connection was closed before the response was complete"
        case .malformed(let reason): "the response is not valid HTTP (\(reason))"
        }
    }

    /// The same, where the receiver is the service itself.
    var textOfService: String { text.replacingBytes(of: "The receiver", with: "The service") }
}

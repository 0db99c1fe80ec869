import Notifications

extension TransportFailure {
    /// What went wrong, as the end of a sentence.
    var text: String {
        switch self {
        case .refused(let reason): "refused (\(reason))"
        case .local(_, let reason): "not sent (\(reason))"
        case .resolving(let reason): "the name is not found (\(reason))"
        case .connecting(let reason): "no connection (\(reason))"
        case .tls(let reason): "TLS failed (\(reason))"
        case .timedOut(let phase): "the time was up while \(phase.rawValue)"
        case .disconnected: "the connection ended before the answer did"
        case .malformed(let reason): "the answer is no HTTP (\(reason))"
        }
    }
}

extension ChannelHealth {
    /// What a failed attempt says about the receiver.
    package enum Failure: Equatable, Sendable {
        /// Nobody received it: no connection, no answer in time, a gateway without a server behind it, or an answer
        /// that looks like something else's.
        case absent
        /// The receiver does not know the sender: 401, 403 or 404 from a service that documents its errors.
        case rejected
        /// The receiver responded, but has a problem or is too busy.
        case failing
        /// The receiver works but cannot accept this message.
        case unfit
        /// The receiver works, but the message that this one refers to is gone: it is sent again without it.
        case stale
    }
}

extension ChannelHealth.Failure {
    /// For a missing answer, whatever the message; nil if nothing was sent because of a local fault.
    package init?(_ failure: TransportFailure) {
        if case .local = failure { return nil }
        self = failure.isAbsence ? .absent : .failing
    }
}

extension TransportFailure {
    /// Whether there was nobody to talk to.
    fileprivate var isAbsence: Bool {
        switch self {
        case .resolving, .connecting, .tls, .clientCertificate, .timedOut, .disconnected: true
        case .refused, .malformed, .local: false
        }
    }
}

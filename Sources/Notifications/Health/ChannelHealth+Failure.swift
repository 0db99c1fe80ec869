extension ChannelHealth {
    /// What a failed attempt says of the receiver.
    package enum Failure: Equatable, Sendable {
        /// Nobody took it: no connection, no answer in time, a gateway that finds nobody behind it, or an answer as of
        /// something else that stands there now.
        case absent
        /// The receiver does not know the sender: 401, 403 or 404 of a service that documents its errors.
        case rejected
        /// The receiver is there, and has a problem of its own or is too busy.
        case failing
        /// The receiver is well and cannot use this one message.
        case unfit
    }
}

extension ChannelHealth.Failure {
    /// What it says that no answer came, whatever the message; nil when nothing was sent because of this side.
    package init?(_ failure: TransportFailure) {
        if case .local = failure { return nil }
        self = failure.isAbsence ? .absent : .failing
    }
}

extension TransportFailure {
    /// Nobody was there to talk to.
    fileprivate var isAbsence: Bool {
        switch self {
        case .resolving, .connecting, .tls, .timedOut, .disconnected: true
        case .refused, .malformed, .local: false
        }
    }
}

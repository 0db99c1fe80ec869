extension ChannelHealth {
    /// What a failed attempt says of the receiver.
    package enum Failure: Equatable, Sendable {
        /// Nobody took it: no connection, no answer in time, a gateway that finds nobody behind it, or an answer as of
        /// something else that stands there now.
        case absent
        /// The receiver does not know the sender: 401, 403 or 404 of a service that documents its errors.
        case rejected
        /// The receiver is there, and in trouble of its own or too busy.
        case troubled
        /// The receiver is well and cannot use this one message.
        case unfit
    }
}

extension ChannelHealth.Failure {
    /// Nil when the attempt arrived, and when there was none because of this side.
    package init?(_ exchange: Exchange, _ verdict: Verdict) {
        switch (verdict, exchange.result) {
        case (.delivered, _), (.postponed, _): return nil
        case (_, .failed(let failure)): self = failure.isAbsence ? .absent : .troubled
        case (.retry, .answered(let answer)):
            self = answer.isOfSomethingElse || answer.isOfAGateway ? .absent : .troubled
        case (.refused, .answered(let answer)): self = answer.isRejection ? .rejected : .unfit
        case (.gone, .answered): self = .troubled
        }
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

extension Answer {
    fileprivate var isRejection: Bool { [401, 403, 404].contains(status) }

    /// Bad gateway, service unavailable, gateway timeout (RFC 9110, 15.6.3 to 15.6.5): whoever answered is not who was
    /// to take it.
    fileprivate var isOfAGateway: Bool { (502...504).contains(status) }

    /// A web hook is tried again on any 3xx and 4xx, since a deploy may be under way; what goes on like that is no
    /// receiver.
    fileprivate var isOfSomethingElse: Bool {
        (300..<500).contains(status) && ![408, 425, 429].contains(status)
    }
}

/// The interpretation of an exchange, by the kind and the message's protocol.
package struct Reading: Equatable, Sendable {
    package let verdict: Verdict
    /// What the failure says about the receiver; nil if the message was delivered, or nothing was sent because of a
    /// local fault.
    package let failure: ChannelHealth.Failure?

    package init(verdict: Verdict, failure: ChannelHealth.Failure?) {
        self.verdict = verdict
        self.failure = failure
    }
}

extension ChannelKind {
    /// Interprets an exchange. The kind interprets answers; a missing answer means the same for all kinds.
    package func reading(of exchange: Exchange, on message: any OutboundMessage) -> Reading {
        switch exchange.result {
        case .answered(let answer):
            let verdict = verdict(on: answer)
            return Reading(verdict: verdict, failure: message.failure(answer, verdict))
        case .failed(let failure):
            let verdict = Verdict(failure: failure)
            return Reading(verdict: verdict, failure: ChannelHealth.Failure(failure))
        }
    }
}

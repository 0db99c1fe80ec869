/// What came back, as a kind and its message's protocol read it.
package struct Reading: Equatable, Sendable {
    package let verdict: Verdict
    /// What the failure says of the receiver; nil when the message arrived, and when nothing was sent because of this
    /// side.
    package let failure: ChannelHealth.Failure?

    package init(verdict: Verdict, failure: ChannelHealth.Failure?) {
        self.verdict = verdict
        self.failure = failure
    }
}

extension ChannelKind {
    /// What an exchange means: the kind reads answers; that there is none means the same for all kinds.
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

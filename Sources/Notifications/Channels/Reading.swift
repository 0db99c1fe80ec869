/// The interpretation of an exchange, by the kind and the message's protocol.
package struct Reading: Equatable, Sendable {
    package let verdict: Verdict
    /// What the failure says about the receiver; nil if the message was delivered, or nothing was sent because of a
    /// local fault.
    package let failure: ChannelHealth.Failure?
    /// The message of a run's start, if the run's end is to refer to it, or that the one referred to is gone.
    package let message: SentMessage

    package init(verdict: Verdict, failure: ChannelHealth.Failure?, message: SentMessage = .unnamed) {
        self.verdict = verdict
        self.failure = failure
        self.message = message
    }
}

extension ChannelKind {
    /// Interprets an exchange. The kind interprets answers; a missing answer means the same for all kinds.
    package func reading(
        of exchange: Exchange, on message: any OutboundMessage, for notice: Notice, settings: ChannelSettings
    ) -> Reading {
        switch exchange.result {
        case .answered(let answer):
            let sent = sentMessage(in: answer)
            if sent == .unknown, notice.startedMessage != nil { return messageIsGone }
            let verdict = verdict(on: answer)
            let isKept = verdict == .delivered && notice.content.type == .testStarted && refersToStart(settings)
            return Reading(
                verdict: verdict, failure: message.failure(answer, verdict), message: isKept ? sent : .unnamed)
        case .failed(let failure):
            let verdict = Verdict(failure: failure)
            return Reading(verdict: verdict, failure: ChannelHealth.Failure(failure))
        }
    }

    /// The receiver works: it only lacks the message that this one refers to.
    private var messageIsGone: Reading {
        Reading(
            verdict: .retry(.startedMessageIsGone(at: receiver), after: nil), failure: .stale, message: .unknown)
    }
}

import Notifications
import Repository

/// What came of one attempt.
struct AttemptAnswer: Sendable {
    let startedAt: Timestamp
    let exchange: Exchange
    let verdict: Verdict
    /// What the failure says of the receiver; nil when it arrived.
    let failure: ChannelHealth.Failure?
}

extension AttemptAnswer {
    /// Whether there was somebody to answer; nil when that was not found out.
    var isAnswered: Bool? {
        if case .postponed = verdict { nil } else { failure != .absent }
    }

    /// What is kept of the exchange is without the secrets that it was made with.
    init(startedAt: Timestamp, exchange: Exchange, reading: Reading, secrets: KnownSecrets) {
        self.init(
            startedAt: startedAt, exchange: exchange.blotted(by: secrets, kept: DeliveryResult.answerKept),
            verdict: reading.verdict.blotted(by: secrets), failure: reading.failure)
    }

    /// For a channel of a kind that this version does not have: saved by a newer one.
    static func unknownKind(at time: Timestamp) -> AttemptAnswer {
        let finding = Finding("kind_unknown", "This version of Runbell does not know this kind of channel.")
        let exchange = Exchange(result: .failed(.refused(finding.text)))
        return AttemptAnswer(startedAt: time, exchange: exchange, verdict: .refused(finding), failure: .unfit)
    }
}

extension DeliveryResult {
    /// The first bytes of an answer that are kept with the attempt.
    static let answerKept = 4096

    /// `uptime` is for how long the service had been running when the answer came.
    init(of delivery: ClaimedDelivery, _ answer: AttemptAnswer, jitter: Double, uptime: Duration) {
        let (exchange, verdict) = (answer.exchange, answer.verdict)
        self.init(
            delivery: delivery,
            attempt: Attempt(
                number: delivery.attempt, startedAt: answer.startedAt, duration: exchange.timings.total,
                verdict: verdict.word, finding: verdict.finding, status: exchange.answer?.status,
                address: exchange.address, answer: exchange.answer?.body),
            verdict: verdict, failure: answer.failure,
            outcome: Outcome(of: verdict, attempt: delivery.attemptOfRound, random: jitter), uptime: uptime)
    }
}

extension Exchange {
    package var answer: Answer? {
        if case .answered(let answer) = result { answer } else { nil }
    }
}

import Notifications
import Repository

/// The result of one attempt.
struct AttemptAnswer: Sendable {
    let startedAt: Timestamp
    let exchange: Exchange
    let verdict: Verdict
    /// What the failure says about the receiver; nil if the message was delivered.
    let failure: ChannelHealth.Failure?
    /// What it says about the service's messages.
    var message = SentMessage.unnamed
}

extension AttemptAnswer {
    /// Whether the receiver responded; nil if the attempt was postponed without reaching it.
    var isAnswered: Bool? {
        if case .postponed = verdict { nil } else { failure != .absent }
    }

    /// What it says about the receiver's load; nil if the fault is local.
    var load: ReceiverWindow.Signal? {
        switch verdict {
        case .postponed: nil
        case .retry: exchange.answer == nil ? .absent : .busy
        case .delivered, .refused, .gone: .taken(after: exchange.timings.head ?? exchange.timings.total)
        }
    }

    /// Removes from the exchange and the verdict the secrets that the request was made with, and keeps the first
    /// `DeliveryResult.answerKept` bytes of the answer.
    init(startedAt: Timestamp, exchange: Exchange, reading: Reading, secrets: KnownSecrets) {
        self.init(
            startedAt: startedAt, exchange: exchange.blotted(by: secrets, kept: DeliveryResult.answerKept),
            verdict: reading.verdict.blotted(by: secrets), failure: reading.failure, message: reading.message)
    }

    /// For a channel of a kind that only a newer version of Runbell knows.
    static func unknownKind(at time: Timestamp) -> AttemptAnswer {
        let finding = Finding("kind_unknown", "This version of Runbell does not know this kind of channel.")
        let exchange = Exchange(result: .failed(.refused(finding.text)))
        return AttemptAnswer(startedAt: time, exchange: exchange, verdict: .refused(finding), failure: .unfit)
    }
}

extension DeliveryResult {
    /// How many bytes of an answer are stored with the attempt.
    static let answerKept = 4096
    /// How many bytes of its header fields.
    static let headKept = 2048

    /// If the message that this one refers to is gone, the next attempt is another message: it does not wait as long as
    /// after many failures, and is never one too many.
    ///
    /// - Parameters:
    ///   - jitter: From 0 to below 1; spreads the next attempt.
    ///   - uptime: How long the service had been running when the answer came.
    convenience init(of delivery: ClaimedDelivery, _ answer: AttemptAnswer, jitter: Double, uptime: Duration) {
        let (exchange, verdict) = (answer.exchange, answer.verdict)
        self.init(
            delivery: delivery,
            attempt: Attempt(
                number: delivery.attempt, startedAt: answer.startedAt, duration: exchange.timings.total,
                verdict: verdict.word, finding: verdict.finding, status: exchange.answer?.status,
                address: exchange.address, answer: exchange.answer?.body,
                answerHead: verdict == .delivered ? nil : exchange.answer?.keptHead,
                channelVersion: delivery.channel.version, timings: exchange.timings),
            verdict: verdict, failure: answer.failure,
            outcome: Outcome(
                of: verdict, attempt: answer.message == .unknown ? 1 : delivery.attemptOfRound, random: jitter),
            uptime: uptime, message: answer.message)
    }
}

extension Exchange {
    /// The receiver's answer; nil if there was none.
    package var answer: Answer? {
        if case .answered(let answer) = result { answer } else { nil }
    }
}

extension Answer {
    /// The header fields that are kept, a line each; nil if there are none. What does not fit is left out.
    fileprivate var keptHead: String? {
        var head = ""
        for header in headers {
            let line = "\(header.name): \(header.value)\n"
            if head.utf8.count + line.utf8.count <= DeliveryResult.headKept { head += line }
        }
        return head.isEmpty ? nil : head
    }
}

import Logging
import Notifications
import Repository

extension DeliveryEngine {
    /// The first bytes of an answer that are kept with the attempt.
    private static let answerKept = 4096

    /// One attempt, from the claim to its written result.
    func deliver(_ sending: Sending) async {
        let delivery = sending.delivery
        let startedAt = now()
        guard let kind = ChannelKinds.kind(delivery.channel.kind) else { return await giveUp(sending, at: startedAt) }
        let notice = Notice(
            content: delivery.content, deliveryID: delivery.id, attempt: delivery.attempt, at: startedAt,
            runLink: delivery.runLink)
        let request = kind.request(for: notice, settings: delivery.channel.settings)
        let exchange = await transport.send(request, deadline: limits.deadline)
        left(sending)
        // Broken off, it is neither arrived nor failed. An answer that came all the same counts.
        if Task.isCancelled, exchange.answer == nil { return await release(delivery) }
        let verdict = kind.verdict(on: exchange)
        metrics.attempt(kind.id, verdict, duration: exchange.timings.total)
        await write(verdict, of: delivery, exchange: exchange, startedAt: startedAt)
    }

    private func write(
        _ verdict: Verdict, of delivery: ClaimedDelivery, exchange: Exchange, startedAt: Timestamp
    ) async {
        let outcome = Outcome(
            of: verdict, attempt: delivery.attempt, now: now(), random: Double.random(in: 0..<1))
        let attempt = Attempt(
            number: delivery.attempt, startedAt: startedAt, duration: exchange.timings.total, verdict: verdict.word,
            finding: verdict.finding, status: exchange.answer?.status, address: exchange.address,
            answer: exchange.answer.map { Array($0.body.prefix(Self.answerKept)) })
        await record(DeliveryResult(delivery: delivery, attempt: attempt, outcome: outcome))
    }

    /// The receiver has answered and would have to answer again, so a result that cannot be written is tried again for
    /// as long as the lease may hold. Without it the lease runs out, and the delivery is due again.
    private func record(_ result: DeliveryResult) async {
        let end = ContinuousClock.now + limits.lease
        while !(await tryToRecord(result)), ContinuousClock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// False when it is to be tried again.
    private func tryToRecord(_ result: DeliveryResult) async -> Bool {
        do {
            let isOurs = try await repository.record(result)
            if !isOurs {
                logger.warning(
                    "A result came after its lease was taken", metadata: ["delivery": "\(result.delivery.id)"])
            }
            settled(result.delivery, dueAt: isOurs ? result.outcome.dueAt : nil)
            return true
        } catch {
            logger.error(
                "Could not write a result", metadata: ["delivery": "\(result.delivery.id)", "error": "\(error)"])
            return false
        }
    }

    /// The service was told to stop at once: the delivery is due again, for whoever runs next.
    private func release(_ delivery: ClaimedDelivery) async {
        do {
            try await repository.release([delivery])
        } catch {
            logger.error("Could not give a lease back", metadata: ["delivery": "\(delivery.id)", "error": "\(error)"])
        }
    }

    /// A channel of a kind that this version does not have: saved by a newer one.
    private func giveUp(_ sending: Sending, at time: Timestamp) async {
        left(sending)
        let delivery = sending.delivery
        let finding = Finding("unknown_kind", "This version of Runbell does not know the kind of the channel.")
        let attempt = Attempt(
            number: delivery.attempt, startedAt: time, duration: .zero, verdict: Verdict.refused(finding).word,
            finding: finding, status: nil, address: nil, answer: nil)
        let outcome = Outcome(of: .refused(finding), attempt: delivery.attempt, now: time, random: 0)
        await record(DeliveryResult(delivery: delivery, attempt: attempt, outcome: outcome))
    }
}

extension ChannelKind {
    /// What an exchange means: the kind reads answers; that there is none means the same for all kinds.
    func verdict(on exchange: Exchange) -> Verdict {
        switch exchange.result {
        case .answered(let answer): verdict(on: answer)
        case .failed(let failure): Verdict(failure: failure)
        }
    }
}

extension Exchange {
    package var answer: Answer? {
        if case .answered(let answer) = result { answer } else { nil }
    }
}

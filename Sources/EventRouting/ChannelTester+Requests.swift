import Notifications
import Repository

extension ChannelTester {
    /// The requests of a delivery's attempts by their numbers, made again from the event and the channel as it was, with
    /// secrets masked. Left out is what cannot be made again: the channel was removed, or that version of it is no longer
    /// kept. Owner or admin only.
    package func requests(
        of attempts: [Attempt], of delivery: Delivery, _ content: EventContent, as principal: Principal
    ) async throws(RepositoryError) -> [Int: RedactedMessage] {
        let makings = try await repository.requestMakings(of: attempts, of: delivery, content, as: principal)
        guard let makings, let kind = repository.kinds.kind(makings.kind) else { return [:] }
        let link = content.link(by: makings.runLinkTemplate)
        let requests = attempts.compactMap { attempt -> (Int, RedactedMessage)? in
            guard let settings = attempt.channelVersion.flatMap({ makings.settings[$0] }) else { return nil }
            let ended = makings.endedRun.flatMap { $0.receivedAt <= attempt.startedAt ? $0.content : nil }
            let notice = Notice(
                content: ended ?? content, deliveryID: delivery.id, attempt: attempt.number, at: attempt.startedAt,
                runLink: link, startedMessage: makings.startedMessage)
            return (attempt.number, kind.message(for: notice, settings: settings).redacted)
        }
        return Dictionary(requests) { $1 }
    }
}

import Notifications
import Repository

/// Sends the test event to a channel, saved or not, and reports the result. Nothing is retried.
package struct ChannelTester: Sendable {
    let repository: Repository
    private let transports: Transports
    private let deadline: Duration
    private let wake: @Sendable ([ChannelQueue]) -> Void
    private let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - deadline: For one test, from resolving the name to the end of the answer.
    ///   - wake: Called with queues whose deliveries may now be sent.
    package init(
        repository: Repository, transports: Transports, deadline: Duration = DeliveryLimits().deadline,
        wake: @escaping @Sendable ([ChannelQueue]) -> Void = { _ in }, now: @escaping @Sendable () -> Timestamp
    ) {
        self.repository = repository
        self.transports = transports
        self.deadline = deadline
        self.wake = wake
        self.now = now
    }

    /// Tests a saved channel; owner or admin only. A test that arrives enables a channel that the service had disabled.
    /// Throws `RepositoryError` if the principal may not, or the channel does not exist or cannot be read.
    package func test(
        _ channel: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> TestReport {
        let subject = try await repository.subjectOfTest(channel, of: organization, as: principal)
        let report = try await test(subject, of: organization)
        return try await noted(report, of: channel, subject, isAsSaved: true, in: organization, as: principal)
    }

    /// Writes down what came of a test, which may enable the channel again.
    private func noted(
        _ report: TestReport, of channel: ChannelID?, _ subject: RenderingSubject, isAsSaved: Bool,
        in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> TestReport {
        var report = report
        let test = report.kept(by: principal, isAsSaved: isAsSaved)
        if try await repository.noteTest(
            test, of: channel, with: subject.settings, in: organization, as: principal)
        {
            report.text += " The channel is enabled again."
            report.hasEnabledChannel = true
        }
        if let channel, test.showsThatItWorks {
            wake([ChannelQueue(organizationID: organization, channelID: channel)])
        }
        return report
    }

    /// Tests an unsaved draft; owner or admin only. `draft` is called after the permission has been checked; what it
    /// throws becomes a `RepositoryError`.
    package func test(
        in organization: OrganizationID, as principal: Principal,
        draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> TestReport {
        let subject = try await repository.subjectOfTest(in: organization, as: principal, draft: draft)
        let report = try await test(subject, of: organization)
        return try await noted(report, of: nil, subject, isAsSaved: false, in: organization, as: principal)
    }

    /// Tests a saved channel with unsaved changes; owner or admin only. If nothing changes, this tests the saved
    /// channel.
    package func test(
        changing channel: ChannelID, of organization: OrganizationID, as principal: Principal,
        changes: @escaping @Sendable (Channel) throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> TestReport {
        let found = try await repository.subjectOfTest(
            of: channel, in: organization, as: principal, changes: changes)
        let report = try await test(found.subject, of: organization)
        return try await noted(
            report, of: channel, found.subject, isAsSaved: found.isAsSaved, in: organization, as: principal)
    }

    /// Returns what would be sent to a saved channel. Nothing is sent.
    package func preview(
        _ content: EventContent, for channel: ChannelID, of organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> ShownMessage {
        let subject = try await repository.subjectOfPreview(channel, of: organization, as: principal)
        return try kind(of: subject).shownMessage(for: notice(content, for: subject), settings: subject.settings)
    }

    /// Returns what would be sent to an unsaved draft. Nothing is sent.
    package func preview(
        _ content: EventContent, in organization: OrganizationID, as principal: Principal,
        draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> ShownMessage {
        let subject = try await repository.subjectOfPreview(in: organization, as: principal, draft: draft)
        return try kind(of: subject).shownMessage(for: notice(content, for: subject), settings: subject.settings)
    }

    private func test(
        _ subject: RenderingSubject, of organization: OrganizationID
    ) async throws(RepositoryError) -> TestReport {
        let kind = try kind(of: subject)
        let notice = notice(.testNotificationChannel, for: subject)
        let message: any OutboundMessage = kind.message(for: notice, settings: subject.settings)
        let exchange = await message.send(by: transports, for: organization, deadline: deadline)
        let secrets = KnownSecrets(of: message, settings: subject.settings, kind: kind)
        let verdict = kind.reading(of: exchange, on: message, for: notice, settings: subject.settings).verdict
            .blotted(by: secrets)
        return TestReport(
            id: notice.deliveryID, at: notice.at, message: message.redacted,
            exchange: exchange.blotted(by: secrets, kept: DeliveryResult.answerKept), verdict: verdict,
            text: verdict.finding?.text ?? "\(kind.receiver.capitalizingFirst) accepted the test event.")
    }

    private func notice(_ content: EventContent, for subject: RenderingSubject) -> Notice {
        let time = now()
        return Notice(
            content: content, deliveryID: DeliveryID(at: time), attempt: 1, at: time,
            runLink: content.link(by: subject.runLinkTemplate))
    }

    private func kind(of subject: RenderingSubject) throws(RepositoryError) -> any ChannelKind {
        guard let kind = repository.kinds.kind(subject.kind) else {
            throw .conflict("The channel's kind is unknown.")
        }
        return kind
    }
}

/// The result of a test.
package struct TestReport: Sendable {
    /// The id in the request, as a delivery has one.
    package let id: DeliveryID
    package let at: Timestamp
    /// What was sent, with secrets masked.
    package let message: RedactedMessage
    /// What happened on the wire, without the channel's secrets.
    package let exchange: Exchange
    package let verdict: Verdict
    /// What happened and what to do about it, for people.
    package fileprivate(set) var text: String
    /// Whether the test enabled the channel, which has a new version since.
    package fileprivate(set) var hasEnabledChannel = false

    package init(
        id: DeliveryID, at: Timestamp, message: RedactedMessage, exchange: Exchange, verdict: Verdict, text: String
    ) {
        self.id = id
        self.at = at
        self.message = message
        self.exchange = exchange
        self.verdict = verdict
        self.text = text
    }

    /// As the channel's history keeps it.
    fileprivate func kept(by principal: Principal, isAsSaved: Bool) -> ChannelTest {
        let status: Int? = if case .answered(let answer) = exchange.result { answer.status } else { nil }
        return ChannelTest(
            id: id, at: at, actor: principal.actor, isAsSaved: isAsSaved, verdict: verdict.word,
            finding: verdict.finding, status: status, duration: exchange.timings.total)
    }
}

import Notifications

/// The message about a run's start, which the run's end at the same channel answers or replaces. It is encrypted, since
/// nobody knows what a service puts into an id; what cannot be encrypted or read is left out, and the end stands alone.
extension Transaction {
    /// Keeps the message of a start, or forgets the one that the service no longer has.
    func remember(_ message: SentMessage, of delivery: ClaimedDelivery) throws(RepositoryError) {
        switch message {
        case .unnamed: return
        case .named(let id):
            guard let kind = delivery.channel.knownKind else { return }
            let reference = MessageReference(id: id, settings: delivery.channel.settings, kind: kind)
            try keep(try sealed(reference, delivery.id), of: delivery.id)
        case .unknown:
            if let start = delivery.startedMessage { try keep(.null, of: start.delivery) }
        }
    }

    /// The message of the newest start of the content's run at the channel, if that is an end that refers to it. Nil if
    /// the start was not delivered, or the channel leads elsewhere now.
    func startedMessage(
        for content: EventContent, at channel: Channel
    ) throws(RepositoryError) -> StartedMessage? {
        guard content.type == .testFinished, let run = content.run, let kind = channel.knownKind,
            kind.refersToStart(channel.settings), let found = try newestMessage(of: run.id, at: channel.id),
            let reference = try opened(found.message, found.delivery),
            reference.isWithin(reachOf: channel.settings, kind)
        else { return nil }
        return StartedMessage(delivery: found.delivery, id: reference.id)
    }

    private func keep(_ message: SQLValue, of delivery: DeliveryID) throws(RepositoryError) {
        try connection.execute(
            "UPDATE deliveries SET message = $3 WHERE organization_id = $1 AND delivery_id = $2",
            [SQLValue(organization), SQLValue(delivery), message])
    }

    /// As with the order of starts and ends, a run's newest eight starts count.
    private func newestMessage(
        of run: LoadTestRunID, at channel: ChannelID
    ) throws(RepositoryError) -> (delivery: DeliveryID, message: [UInt8])? {
        try connection.rows(
            Self.messagesOfStarts, [SQLValue(organization), SQLValue(run), SQLValue(channel)]
        ) { row in (delivery: row.id(0), message: row.blob(1)) }.max { $0.delivery < $1.delivery }
    }

    static let messagesOfStarts = """
        SELECT b.delivery_id, b.message FROM (
            SELECT event_id FROM events
            WHERE organization_id = $1 AND load_test_run_id = $2 AND type = 'test.started'
            ORDER BY event_id DESC LIMIT 8) started
        \(PlannerHint.joinInOrder) deliveries b
        WHERE b.organization_id = $1 AND b.event_id = started.event_id AND b.channel_id = $3
            AND b.message IS NOT NULL
        """

    private func sealed(_ reference: MessageReference, _ delivery: DeliveryID) throws(RepositoryError) -> SQLValue {
        do throws(RepositoryError) {
            return .blob(try sealed(reference.bytes, place: .message(of: delivery, organization)))
        } catch .unreadable {
            return .null
        }
    }

    private func opened(_ sealed: [UInt8], _ delivery: DeliveryID) throws(RepositoryError) -> MessageReference? {
        do throws(RepositoryError) {
            return MessageReference(try opened(sealed, place: .message(of: delivery, organization)))
        } catch .unreadable {
            return nil
        }
    }
}

extension SealedText.Place {
    fileprivate static func message(of delivery: DeliveryID, _ organization: OrganizationID) -> Self {
        Self(table: "deliveries", column: "message", organization: organization, row: delivery.text)
    }
}

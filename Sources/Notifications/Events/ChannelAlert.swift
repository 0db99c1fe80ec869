/// What the service reports about a channel to the organization's fallback channel.
package struct ChannelAlert: Equatable, Sendable {
    /// What happened to the channel.
    package enum Kind: Sendable {
        /// It was disabled: nothing is sent to it anymore.
        case disabled
        /// Its circuit has been open for an hour.
        case unreachable
    }

    package let kind: Kind
    package let organizationID: OrganizationID
    package let channelID: ChannelID
    package let channelName: String
    /// The name of the channel's kind, for people.
    package let service: String
    /// What its last attempt found.
    package let finding: Finding
    /// When deliveries to it began to fail.
    package let since: Timestamp

    package init(
        _ kind: Kind, at channel: Channel, finding: Finding, since: Timestamp
    ) {
        self.kind = kind
        organizationID = channel.organizationID
        channelID = channel.id
        channelName = channel.name
        service = channel.kindName
        self.finding = finding
        self.since = since
    }
}

extension ChannelAlert {
    package var type: EventType {
        switch kind {
        case .disabled: .channelDisabled
        case .unreachable: .channelUnreachable
        }
    }

    /// What happened and what to do, for people. Contains the channel's name, which a user wrote.
    package var explanation: String {
        let channel = "\(DisplayText.line(channelName)) (\(service))"
        return switch kind {
        case .disabled:
            "\(channel) was disabled. \(finding.text) "
                + "Nothing will be sent there until its Test Hook succeeds or somebody enables it."
        case .unreachable:
            "\(channel) has been unreachable since \(since.dayText). \(finding.text) "
                + "Runbell retries every ten minutes at most."
        }
    }

    package var json: JSONValue {
        [
            "event": .string(type.rawValue), "organization_id": JSONValue(organizationID),
            "channel_id": JSONValue(channelID), "channel_name": .string(channelName), "service": .string(service),
            "code": .string(finding.code), "text": .string(finding.text), "since": JSONValue(since),
        ]
    }

    /// Reads what `json` wrote.
    init(_ kind: Kind, reading fields: inout FieldReader) throws(InvalidInput) {
        let organization = fields.integer("organization_id")
        let channel = fields.text("channel_id", bytes: 36).flatMap { ChannelID($0) }
        let name = fields.text("channel_name", bytes: 200)
        let service = fields.text("service", bytes: 200)
        let code = fields.text("code", bytes: 200)
        let text = fields.text("text", bytes: 10_000, controls: .taken)
        let since = fields.time("since")
        try fields.finish()
        guard let organization, let channel, let name, let service, let code, let text, let since else {
            throw InvalidInput(fields.errors)
        }
        self.kind = kind
        organizationID = OrganizationID(organization)
        channelID = channel
        channelName = name
        self.service = service
        finding = Finding(code, text)
        self.since = since
    }
}

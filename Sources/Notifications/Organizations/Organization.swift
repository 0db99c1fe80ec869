/// A tenant.
package struct Organization: Equatable, Sendable {
    package let id: OrganizationID
    package var name: String
    /// The address of a run's page, with the placeholders `{load_test_run_id}`, `{load_test_id}`, `{project_id}` and
    /// `{organization_id}`.
    package var runLinkTemplate: RunLinkTemplate?
    /// The channel that is notified when another one fails.
    package var fallbackChannelID: ChannelID?
    /// How many days events are kept, with their deliveries and attempts.
    package var retentionDays: Int64
    /// How many days audit entries are kept.
    package var auditRetentionDays: Int64
    package let createdAt: Timestamp

    package static let retentionDaysAllowed: ClosedRange<Int64> = 1...3650
    package static let auditRetentionDaysAllowed: ClosedRange<Int64> = 180...3650

    package init(
        id: OrganizationID, name: String, runLinkTemplate: RunLinkTemplate?, fallbackChannelID: ChannelID? = nil,
        retentionDays: Int64 = 90, auditRetentionDays: Int64 = 400, createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.runLinkTemplate = runLinkTemplate
        self.fallbackChannelID = fallbackChannelID
        self.retentionDays = retentionDays
        self.auditRetentionDays = auditRetentionDays
        self.createdAt = createdAt
    }
}

extension Organization {
    /// Differs when anything does that can be changed, as a member's does.
    package var contentHash: String {
        let texts = [name, runLinkTemplate?.text ?? "", fallbackChannelID?.text ?? ""]
        return String(StableNumber.of(texts + [retentionDays, auditRetentionDays].map(String.init)))
    }
}

/// A change of an organization; nil leaves a value as it is.
package struct OrganizationChange: Equatable, Sendable {
    package var name: String?
    /// `.some(nil)` removes the template.
    package var runLinkTemplate: RunLinkTemplate??
    /// `.some(nil)` removes the fallback channel.
    package var fallbackChannelID: ChannelID??
    package var retentionDays: Int64?
    package var auditRetentionDays: Int64?

    package init(
        name: String? = nil, runLinkTemplate: RunLinkTemplate?? = nil, fallbackChannelID: ChannelID?? = nil,
        retentionDays: Int64? = nil, auditRetentionDays: Int64? = nil
    ) {
        self.name = name
        self.runLinkTemplate = runLinkTemplate
        self.fallbackChannelID = fallbackChannelID
        self.retentionDays = retentionDays
        self.auditRetentionDays = auditRetentionDays
    }

    package var isEmpty: Bool { self == OrganizationChange() }

    /// The organization with these changes.
    package func applied(to organization: Organization) -> Organization {
        var after = organization
        if let name { after.name = name }
        if let runLinkTemplate { after.runLinkTemplate = runLinkTemplate }
        if let fallbackChannelID { after.fallbackChannelID = fallbackChannelID }
        if let retentionDays { after.retentionDays = retentionDays }
        if let auditRetentionDays { after.auditRetentionDays = auditRetentionDays }
        return after
    }
}

import Notifications

// Being written: the signatures that others build on.
package struct Repository: Sendable {}

extension Repository {
    /// Who presents that key; nil when there is no such key, or it has expired.
    package func principal(presenting key: APIKey) async throws(RepositoryError) -> Principal? { fatalError() }
    /// Fails when the database does not answer.
    package func ping() async throws(RepositoryError) { fatalError() }

    // organizations
    /// Creates or renames; operator only. A template that is nil stays as it is.
    package func saveOrganization(
        _ id: OrganizationID, name: String, owner: UserID, runLinkTemplate: RunLinkTemplate?, as principal: Principal
    ) async throws(RepositoryError) -> (organization: Organization, isNew: Bool) { fatalError() }
    package func organization(_ id: OrganizationID, as principal: Principal) async throws(RepositoryError) -> Organization { fatalError() }
    /// Owner or admin: nil leaves a part as it is; `.some(nil)` removes the template.
    package func changeOrganization(
        _ id: OrganizationID, name: String?, runLinkTemplate: RunLinkTemplate??, as principal: Principal
    ) async throws(RepositoryError) -> Organization { fatalError() }

    // members
    package func members(of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> [Member] { fatalError() }
    package func member(_ user: UserID, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> Member { fatalError() }
    package func saveMember(
        _ user: UserID, role: Role, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (member: Member, isNew: Bool) { fatalError() }
    package func removeMember(_ user: UserID, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) { fatalError() }

    // keys
    package func keys(of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> [KeyDescription] { fatalError() }
    package func makeKey(
        name: String, holder: KeyHolder, expiresAt: Timestamp?, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> (key: APIKey, description: KeyDescription) { fatalError() }
    package func removeKey(_ id: KeyID, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) { fatalError() }

    // channels: settings come unmasked; whoever shows them masks them (ChannelSettings.masked(by:))
    package func channels(of organization: OrganizationID, page: PageRequest, as principal: Principal) async throws(RepositoryError) -> Page<Channel> { fatalError() }
    package func channel(_ id: ChannelID, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> Channel { fatalError() }
    /// The draft is read inside the transaction, after the permission has been checked.
    package func createChannel(
        in organization: OrganizationID, as principal: Principal,
        draft: @escaping @Sendable () throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> Channel { fatalError() }
    /// With `version`, only if the channel still has it (otherwise `staleVersion`).
    package func replaceChannel(
        _ id: ChannelID, of organization: OrganizationID, version: Int64?, as principal: Principal,
        draft: @escaping @Sendable (Channel) throws(InvalidInput) -> ChannelDraft
    ) async throws(RepositoryError) -> Channel { fatalError() }
    package func removeChannel(
        _ id: ChannelID, of organization: OrganizationID, version: Int64?, as principal: Principal
    ) async throws(RepositoryError) { fatalError() }
    /// A new signing secret; the old one signs too for `overlap` (0 to 7 days). `conflict` when the kind has none.
    package func rotateSecret(
        of id: ChannelID, in organization: OrganizationID, overlap: Duration, as principal: Principal
    ) async throws(RepositoryError) -> (channel: Channel, secret: SigningSecret, previousUntil: Timestamp) { fatalError() }
    package func revisions(of id: ChannelID, in organization: OrganizationID, page: PageRequest, as principal: Principal) async throws(RepositoryError) -> Page<ChannelRevision> { fatalError() }
    package func restore(
        revision: Int64, of id: ChannelID, in organization: OrganizationID, as principal: Principal
    ) async throws(RepositoryError) -> Channel { fatalError() }

    // events
    package func accept(
        _ content: EventContent, idempotencyKey: String?, as principal: Principal
    ) async throws(RepositoryError) -> Acceptance { fatalError() }
    /// One transaction; each event has its own result.
    package func accept(
        batch: [EventContent], as principal: Principal
    ) async throws(RepositoryError) -> [Result<Acceptance, RepositoryError>] { fatalError() }
    package func events(of organization: OrganizationID, filter: EventFilter, page: PageRequest, as principal: Principal) async throws(RepositoryError) -> Page<Event> { fatalError() }
    package func event(_ id: EventID, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> (event: Event, outcomes: [ChannelOutcome]) { fatalError() }

    // deliveries
    package func deliveries(of organization: OrganizationID, filter: DeliveryFilter, page: PageRequest, as principal: Principal) async throws(RepositoryError) -> Page<Delivery> { fatalError() }
    package func delivery(_ id: DeliveryID, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> (delivery: Delivery, attempts: [Attempt]) { fatalError() }
    /// Makes a failed, cancelled or waiting delivery due now.
    package func retryDelivery(_ id: DeliveryID, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> Delivery { fatalError() }

    // audit log
    package func auditLog(of organization: OrganizationID, filter: AuditFilter, page: PageRequest, as principal: Principal) async throws(RepositoryError) -> Page<AuditEntry> { fatalError() }
    /// The whole chain in pieces: entries behind `sequence`, at most `limit`.
    package func auditEntries(after sequence: Int64, limit: Int, of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> [AuditEntry] { fatalError() }
    package func auditHead(of organization: OrganizationID, as principal: Principal) async throws(RepositoryError) -> AuditCheckpoint { fatalError() }
}

/// What came of posting an event. 202 means that it is on disk.
package struct Acceptance: Sendable {
    package let organizationID: OrganizationID
    package let eventID: EventID
    package let due: Int
    package let skipped: Int
    /// The same idempotency key and body came before; nothing was written.
    package let isReplay: Bool
    /// Channels that now have something due, for the delivery engine.
    package let dueChannels: [ChannelID]
}

package struct EventFilter: Sendable {
    package var type: EventType?
    package var runID: LoadTestRunID?
    package var since: Timestamp?
    package var until: Timestamp?
    package init(type: EventType? = nil, runID: LoadTestRunID? = nil, since: Timestamp? = nil, until: Timestamp? = nil) {
        self.type = type
        self.runID = runID
        self.since = since
        self.until = until
    }
}

package struct DeliveryFilter: Sendable {
    package var state: DeliveryState?
    package var channelID: ChannelID?
    package var eventID: EventID?
    package var since: Timestamp?
    package var until: Timestamp?
    package init(
        state: DeliveryState? = nil, channelID: ChannelID? = nil, eventID: EventID? = nil, since: Timestamp? = nil, until: Timestamp? = nil
    ) {
        self.state = state
        self.channelID = channelID
        self.eventID = eventID
        self.since = since
        self.until = until
    }
}

package struct AuditFilter: Sendable {
    package var actor: String?
    package var action: String?
    package var target: String?
    package var since: Timestamp?
    package var until: Timestamp?
    package init(actor: String? = nil, action: String? = nil, target: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil) {
        self.actor = actor
        self.action = action
        self.target = target
        self.since = since
        self.until = until
    }
}

/// What became of an event at one channel, in words.
package struct ChannelOutcome: Sendable {
    package let channelID: ChannelID
    package let channelName: String
    package let kind: String
    package let deliveryID: DeliveryID
    package let state: DeliveryState
    package let reason: String?
    package let text: String
}

/// One revision of a channel. Settings come unmasked.
package struct ChannelRevision: Sendable {
    package let channel: Channel
    package let actor: String
    package let at: Timestamp
}

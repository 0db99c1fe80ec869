/// Who did what to what, and when. Entries are only added; each holds the hash of the one before.
package struct AuditEntry: Equatable, Sendable {
    package let organizationID: OrganizationID
    /// Counts from 1 in each organization, without gaps.
    package let sequence: Int64
    package let at: Timestamp
    /// `user:7`, `key:0190…`, `operator` or `system`.
    package let actor: String
    /// `channel.created`, `channel.updated`, `member.removed`, `refused`, …
    package let action: String
    /// `channel:0190…`, `member:7`, `organization:1`, …
    package let target: String
    /// The values before and after, without secrets, as JSON text.
    package let detail: String
    /// Hexadecimal SHA-256; 64 zeros in the first entry.
    package let previousHash: String
    package let hash: String
    /// The key and the address it came from; nil in entries of versions that did not record them.
    package let origin: AuditOrigin?
    /// Hexadecimal HMAC-SHA256 under the organization's audit key; nil if `origin` is nil.
    package let mac: String?

    package init(
        organizationID: OrganizationID, sequence: Int64, at: Timestamp, actor: String, action: String, target: String,
        detail: String, previousHash: String, hash: String, origin: AuditOrigin? = nil,
        mac: String? = nil
    ) {
        self.organizationID = organizationID
        self.sequence = sequence
        self.at = at
        self.actor = actor
        self.action = action
        self.target = target
        self.detail = detail
        self.previousHash = previousHash
        self.hash = hash
        self.origin = origin
        self.mac = mac
    }

    func with(hash: String, mac: String) -> AuditEntry {
        AuditEntry(
            organizationID: organizationID, sequence: sequence, at: at, actor: actor, action: action, target: target,
            detail: detail, previousHash: previousHash, hash: hash, origin: origin, mac: mac)
    }
}

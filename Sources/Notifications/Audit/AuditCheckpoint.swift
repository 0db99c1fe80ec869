/// The signed end of an organization's audit chain (Ed25519): it reveals that a chain was cut short.
package struct AuditCheckpoint: Equatable, Sendable {
    package let organizationID: OrganizationID
    package let sequence: Int64
    package let hash: String
    package let at: Timestamp
    /// Base64.
    package let publicKey: String
    /// Base64.
    package let signature: String

    package init(
        organizationID: OrganizationID, sequence: Int64, hash: String, at: Timestamp, publicKey: String,
        signature: String
    ) {
        self.organizationID = organizationID
        self.sequence = sequence
        self.hash = hash
        self.at = at
        self.publicKey = publicKey
        self.signature = signature
    }
}

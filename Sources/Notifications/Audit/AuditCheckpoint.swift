/// The end of an organization's audit chain, signed (Ed25519), so that a chain that was cut short shows.
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

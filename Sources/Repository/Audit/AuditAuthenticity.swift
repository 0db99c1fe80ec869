import Notifications

/// Tells the service's own audit entries from forged ones by their MACs.
package struct AuditAuthenticity: Sendable {
    let vault: Vault

    /// Whether the service wrote the entry.
    package func isAuthentic(_ entry: AuditEntry) -> Bool { vault.auditKey(of: entry.organizationID).wrote(entry) }
}

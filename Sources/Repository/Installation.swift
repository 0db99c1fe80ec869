import Notifications

/// What the database says about the service it belongs to.
struct Installation {
    /// The sum of the sequences of all audit heads. It reveals a head that has been rolled back.
    var auditEntries: Int64
    private(set) var mac: String?

    static func read(on connection: any SQLConnection) throws(RepositoryError) -> Installation {
        let found = try connection.row(
            """
            SELECT audit_entries, mac FROM installation WHERE "only" = 1
            """, []
        ) { row in
            Installation(auditEntries: row.integer(0), mac: row.optionalText(1))
        }
        guard let found else { throw .unavailable("the table installation is empty") }
        return found
    }

    private func mac(_ vault: Vault) -> String { vault.installationMAC(of: [auditEntries]) }

    /// Before anything has been written there is no MAC.
    func isAuthentic(_ vault: Vault) -> Bool {
        if let mac { return mac == self.mac(vault) }
        return auditEntries == 0
    }

    /// A value changed behind the service's back gets no MAC, so it stays detectable.
    mutating func change(
        _ vault: Vault, on connection: any SQLConnection, _ change: (inout Installation) -> Void
    ) throws(RepositoryError) {
        let wasAuthentic = isAuthentic(vault)
        change(&self)
        if wasAuthentic { mac = mac(vault) }
        try connection.execute(
            """
            UPDATE installation SET audit_entries = $1, mac = $2 WHERE "only" = 1
            """,
            [SQLValue(auditEntries), SQLValue(mac)])
    }
}

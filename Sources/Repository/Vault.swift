import Crypto
import Notifications

/// Seals and opens channel settings with the data key of their organization, and signs audit checkpoints.
///
/// Opened data keys are not kept in memory: a key that was read in a transaction which is then undone may be in no
/// database, and what it sealed would be lost.
struct Vault: Sendable {
    private let masterKey: MasterKey
    let ledger: AuditLedger

    /// There is one data key an organization for now; the number leaves room for rotating it.
    private static let dataKeyNumber: UInt32 = 1

    init(masterKey: MasterKey, ledger: AuditLedger) {
        self.masterKey = masterKey
        self.ledger = ledger
    }

    /// The organization's data key; nil when it has none yet.
    func dataKey(
        of organization: OrganizationID, on connection: any SQLConnection
    ) throws(RepositoryError) -> SymmetricKey? {
        let sealed = try connection.row(
            "SELECT sealed_key FROM sealing_keys WHERE organization_id = $1 AND number = $2",
            [SQLValue(organization), SQLValue(Int64(Self.dataKeyNumber))]
        ) { row in row.blob(0) }
        guard let sealed else { return nil }
        let opened = try translated { () throws(SealingError) in
            try SealedText.open(sealed, with: masterKey.key, place: Self.place(of: organization))
        }
        return SymmetricKey(data: opened)
    }

    func makeDataKey(
        of organization: OrganizationID, at time: Timestamp, on connection: any SQLConnection
    ) throws(RepositoryError) -> SymmetricKey {
        let key = SymmetricKey(size: .bits256)
        let sealed = try translated { () throws(SealingError) in
            try SealedText.seal(
                key.withUnsafeBytes { Array($0) }, with: masterKey.key, number: 0, place: Self.place(of: organization))
        }
        try connection.execute(
            "INSERT INTO sealing_keys (organization_id, number, sealed_key, created_at) VALUES ($1, $2, $3, $4)",
            [SQLValue(organization), SQLValue(Int64(Self.dataKeyNumber)), .blob(sealed), SQLValue(time)])
        return key
    }

    func seal(_ plain: [UInt8], with key: SymmetricKey, place: SealedText.Place) throws(RepositoryError) -> [UInt8] {
        try translated { () throws(SealingError) in
            try SealedText.seal(plain, with: key, number: Self.dataKeyNumber, place: place)
        }
    }

    func open(_ sealed: [UInt8], with key: SymmetricKey, place: SealedText.Place) throws(RepositoryError) -> [UInt8] {
        try translated { () throws(SealingError) in
            try SealedText.open(sealed, with: key, place: place)
        }
    }

    func auditKey(of organization: OrganizationID) -> AuditKey { masterKey.auditKey(of: organization) }

    var fingerprint: [UInt8] { masterKey.fingerprint }

    func installationMAC(of fields: [Int64]) -> String { masterKey.installationMAC(of: fields) }

    /// Signs what the heads of all chains are.
    func checkpoint(
        after previous: AuditLedgerCheckpoint?, at: Timestamp, entries: Int64, root: String
    ) throws(RepositoryError) -> AuditLedgerCheckpoint {
        do {
            return try AuditLedgerCheckpoint(
                after: previous, at: at, entries: entries, root: root, signedWith: masterKey.auditSigningKey())
        } catch {
            throw .unavailable("the audit checkpoint could not be signed")
        }
    }

    var auditPublicKey: String? { masterKey.auditPublicKey }

    /// Signs the end of an audit chain.
    func checkpoint(
        organization: OrganizationID, sequence: Int64, hash: String, at: Timestamp
    ) throws(RepositoryError) -> AuditCheckpoint {
        do {
            return try AuditCheckpoint(
                organizationID: organization, sequence: sequence, hash: hash, at: at,
                signedWith: masterKey.auditSigningKey())
        } catch {
            throw .unavailable("the audit checkpoint could not be signed")
        }
    }

    /// Signs that an audit chain was pruned.
    func pruning(
        organization: OrganizationID, upTo: Int64, hash: String, at: Timestamp
    ) throws(RepositoryError) -> AuditPruning {
        do {
            return try AuditPruning(
                organizationID: organization, upTo: upTo, hash: hash, at: at, signedWith: masterKey.auditSigningKey())
        } catch {
            throw .unavailable("the pruning of the audit log could not be signed")
        }
    }

    private static func place(of organization: OrganizationID) -> SealedText.Place {
        SealedText.Place(
            table: "sealing_keys", column: "sealed_key", organization: organization, row: "\(dataKeyNumber)")
    }

    private func translated<Value>(_ work: () throws(SealingError) -> Value) throws(RepositoryError) -> Value {
        do {
            return try work()
        } catch {
            throw .unreadable(error.message)
        }
    }
}

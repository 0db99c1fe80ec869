import Crypto
import Notifications

/// Encrypts and decrypts channel settings with the organization's data key, and signs audit checkpoints.
///
/// Decrypted data keys are only kept from transactions that were committed (`KeptDataKeys`): a key read in one that is
/// then rolled back might not exist in any database, and whatever it encrypted would be lost.
struct Vault: Sendable {
    private let masterKey: MasterKey
    let ledger: AuditLedger

    /// There is only one data key per organization so far; the number leaves room for rotation.
    private static let dataKeyNumber: UInt32 = 1

    init(masterKey: MasterKey, ledger: AuditLedger) {
        self.masterKey = masterKey
        self.ledger = ledger
    }

    /// The organization's data key; nil if it has none yet.
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

    func fingerprint(of address: String, in organization: OrganizationID) -> String {
        masterKey.fingerprint(of: address, in: organization)
    }

    var fingerprint: [UInt8] { masterKey.fingerprint }

    func installationMAC(of fields: [Int64]) -> String { masterKey.installationMAC(of: fields) }

    /// Signs the heads of all chains.
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

    /// Signs the pruning of an audit chain.
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

import Crypto
import Foundation

/// An organization's key for MACs that only a holder of the master key can make: HMAC-SHA256 in hexadecimal digits. The
/// bytes have the form described at `AuditChain`. An entry's begin with `0x04` and contain all its fields except the
/// MAC; those of a chain's head begin with `0x05` and contain organization id, sequence and hash.
package struct AuditKey: Sendable {
    private let organizationID: OrganizationID
    private let key: SymmetricKey

    fileprivate init(organizationID: OrganizationID, key: SymmetricKey) {
        self.organizationID = organizationID
        self.key = key
    }

    /// Adds MAC and hash to an entry; the draft's own are ignored.
    package func sealed(_ draft: AuditEntry) -> AuditEntry {
        let mac = code(AuditChain.bytes(Self.entryMark, AuditChain.fields(of: draft)))
        let entry = draft.with(hash: "", mac: mac)
        return entry.with(hash: AuditChain.hash(of: entry), mac: mac)
    }

    /// The MAC to store beside a chain's head.
    package func mac(ofHead head: AuditHead) -> String { code(bytes(of: head)) }

    /// Whether an entry's hash and MAC are right. Without a MAC, it is not.
    package func wrote(_ entry: AuditEntry) -> Bool {
        guard let mac = entry.mac, AuditChain.hash(of: entry) == entry.hash else { return false }
        return isRight(mac, for: AuditChain.bytes(Self.entryMark, AuditChain.fields(of: entry)))
    }

    /// Whether a MAC is that of the head. Compares in constant time.
    package func isRight(_ mac: String, of head: AuditHead) -> Bool { isRight(mac, for: bytes(of: head)) }

    static let entryMark: UInt8 = 4
    private static let headMark: UInt8 = 5

    /// Compares in constant time.
    func isRight(_ mac: String, for bytes: [UInt8]) -> Bool {
        guard let code = Hexadecimal.decode(mac) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: key)
    }

    private func code(_ bytes: [UInt8]) -> String {
        Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
    }

    private func bytes(of head: AuditHead) -> [UInt8] {
        AuditChain.bytes(Self.headMark, [organizationID.description, String(head.sequence), head.hash])
    }
}

extension MasterKey {
    /// The key for an organization's audit entries (HKDF-SHA256, RFC 5869, with the id as salt).
    package func auditKey(of organization: OrganizationID) -> AuditKey {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: Data(organization.description.utf8), info: Data("runbell audit entries".utf8),
            outputByteCount: 32)
        return AuditKey(organizationID: organization, key: derived)
    }

    /// Identifies this key without revealing anything about it: 32 bytes.
    package var fingerprint: [UInt8] {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("runbell master key fingerprint".utf8), outputByteCount: 32
        ).withUnsafeBytes { Array($0) }
    }

    /// The MAC over the numbers that the database stores about the installation.
    package func installationMAC(of fields: [Int64]) -> String {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("runbell installation".utf8), outputByteCount: 32)
        let bytes = AuditChain.bytes(6, fields.map(String.init))
        return Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: bytes, using: derived))
    }
}

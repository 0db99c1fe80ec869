import Crypto
import Foundation

/// What only whoever has the master key can write: HMAC-SHA256 under a key of one organization, in hexadecimal digits.
/// The bytes are those of `AuditChain`. An entry's begin with `0x04` and have all its fields but the MAC; those of the
/// head of a chain begin with `0x05`, and have organization id, sequence and hash.
package struct AuditKey: Sendable {
    private let organizationID: OrganizationID
    private let key: SymmetricKey

    fileprivate init(organizationID: OrganizationID, key: SymmetricKey) {
        self.organizationID = organizationID
        self.key = key
    }

    /// The entry with its MAC and hash; what stands for them in the draft does not matter.
    package func sealed(_ draft: AuditEntry) -> AuditEntry {
        let mac = code(AuditChain.bytes(Self.entryMark, AuditChain.fields(of: draft)))
        let entry = draft.with(hash: "", mac: mac)
        return entry.with(hash: AuditChain.hash(of: entry), mac: mac)
    }

    package func mac(ofHead head: AuditHead) -> String { code(bytes(of: head)) }

    /// Whether an entry is what was written, by its hash and its MAC. One without a MAC is not.
    package func wrote(_ entry: AuditEntry) -> Bool {
        guard let mac = entry.mac, AuditChain.hash(of: entry) == entry.hash else { return false }
        return isRight(mac, for: AuditChain.bytes(Self.entryMark, AuditChain.fields(of: entry)))
    }

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
    /// The key that the organization's audit entries are bound to (HKDF-SHA256, RFC 5869; the id is the salt).
    package func auditKey(of organization: OrganizationID) -> AuditKey {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: Data(organization.description.utf8), info: Data("runbell audit entries".utf8),
            outputByteCount: 32)
        return AuditKey(organizationID: organization, key: derived)
    }

    /// Tells this key from others, and tells nothing of it.
    package var fingerprint: [UInt8] {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("runbell master key fingerprint".utf8), outputByteCount: 32
        ).withUnsafeBytes { Array($0) }
    }

    /// Over what the database says of itself.
    package func installationMAC(of fields: [Int64]) -> String {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, info: Data("runbell installation".utf8), outputByteCount: 32)
        let bytes = AuditChain.bytes(6, fields.map(String.init))
        return Hexadecimal.encode(HMAC<SHA256>.authenticationCode(for: bytes, using: derived))
    }
}

import Crypto
import Foundation

extension MasterKey {
    /// Eight hexadecimal digits by which people tell an organization's secret addresses apart: equal addresses have the
    /// same. Without this key, nobody can try addresses against it (HMAC-SHA256 under a key derived with HKDF).
    package func fingerprint(of address: String, in organization: OrganizationID) -> String {
        let derived = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: key, salt: Data(organization.description.utf8),
            info: Data("runbell address fingerprints".utf8), outputByteCount: 32)
        let code = HMAC<SHA256>.authenticationCode(for: Data(address.utf8), using: derived)
        return Hexadecimal.encode(code.prefix(4))
    }
}

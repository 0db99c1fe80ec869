import Crypto
import Foundation

/// Why something sealed could not be opened. Never contains the secret.
package struct SealingError: Error, Equatable, Sendable {
    package let message: String
}

/// Encrypts secrets at rest: AES-256-GCM (NIST SP 800-38D) under a numbered key, bound to the place where they are
/// stored, so that a value moved to another row, column or organization cannot be opened.
///
/// Layout: `0x01`, key number (4 bytes, big endian), nonce (12), ciphertext, tag (16).
package enum SealedText {
    private static let form: UInt8 = 1
    private static let headerLength = 5
    private static let shortest = 33

    /// Encrypts bytes for a place. Throws only if the cipher fails.
    package static func seal(_ plain: [UInt8], with key: SymmetricKey, number: UInt32, place: Place)
        throws(SealingError) -> [UInt8]
    {
        var sealed = [form] + withUnsafeBytes(of: number.bigEndian, Array.init)
        do {
            let box = try AES.GCM.seal(plain, using: key, authenticating: sealed + place.bytes)
            guard let combined = box.combined else { throw SealingError(message: "sealing failed") }
            sealed.append(contentsOf: combined)
            return sealed
        } catch {
            throw SealingError(message: "sealing failed")
        }
    }

    /// Decrypts bytes. Throws unless they were sealed with this key for this place.
    package static func open(_ sealed: [UInt8], with key: SymmetricKey, place: Place) throws(SealingError) -> [UInt8] {
        guard sealed.count >= shortest, sealed[0] == form else { throw SealingError(message: "not a sealed value") }
        let header = Array(sealed.prefix(headerLength))
        do {
            let box = try AES.GCM.SealedBox(combined: sealed.dropFirst(headerLength))
            return Array(try AES.GCM.open(box, using: key, authenticating: header + place.bytes))
        } catch {
            throw SealingError(message: "a sealed value does not open with this key in this place")
        }
    }

    /// The number of the key that a value was sealed with; nil if this is not a sealed value.
    package static func keyNumber(of sealed: [UInt8]) -> UInt32? {
        guard sealed.count >= shortest, sealed[0] == form else { return nil }
        return sealed[1..<headerLength].reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Where a sealed value is stored: table, column, organization and row.
    package struct Place: Sendable {
        fileprivate let bytes: [UInt8]

        /// Each part is encoded with its length, so that no two places have the same bytes.
        package init(table: String, column: String, organization: OrganizationID, row: String) {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(128)
            for part in ["rb1", table, column, organization.description, row] {
                withUnsafeBytes(of: UInt32(part.utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
                bytes.append(contentsOf: part.utf8)
            }
            self.bytes = bytes
        }
    }
}

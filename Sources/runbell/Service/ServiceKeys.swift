import Crypto
import Foundation
import Notifications

/// The two keys that a data folder has of its own, made at the first start.
struct ServiceKeys: Sendable {
    /// What everything secret in the database is sealed with. Without it the database is worth nothing.
    let master: SymmetricKey
    let operatorKey: APIKey

    init(_ folder: DataFolder) throws(CommandFailure) {
        master = try Self.master(folder.masterKey)
        operatorKey = try Self.operatorKey(folder.operatorKey)
    }

    private static func master(_ path: String) throws(CommandFailure) -> SymmetricKey {
        if let text = try PrivateFile.read(path) {
            guard let data = Data(base64Encoded: text), data.count == 32 else {
                throw CommandFailure(.refused, "\(path) does not hold 32 bytes in Base64; put the right file back")
            }
            return SymmetricKey(data: data)
        }
        let key = SymmetricKey(size: .bits256)
        try PrivateFile.create(path, key.withUnsafeBytes { Data($0).base64EncodedString() })
        return key
    }

    private static func operatorKey(_ path: String) throws(CommandFailure) -> APIKey {
        if let text = try PrivateFile.read(path) {
            guard let key = APIKey(text) else {
                throw CommandFailure(.refused, "\(path) holds no key; remove it, and the next start makes a new one")
            }
            return key
        }
        let key = APIKey()
        try PrivateFile.create(path, key.reveal())
        return key
    }
}

import Foundation
import Notifications

/// The two keys of a service: from where the settings say, or from the data folder, created at the first start.
struct ServiceKeys: Sendable {
    /// Encrypts everything secret in the database, which is worthless without it. 32 bytes in Base64.
    let master: Secret
    let operatorKey: APIKey

    /// If there is a database, a missing master key is an error: a new one could not decrypt anything.
    init(_ folder: DataFolder, _ sources: KeySources = KeySources(), isDatabaseThere: Bool) throws(CommandFailure) {
        if let source = sources.master {
            master = try Self.master(try source.read(), from: source.shown)
        } else {
            guard !isDatabaseThere || FileManager.default.fileExists(atPath: folder.masterKey) else {
                throw CommandFailure(
                    .refused, "\(folder.masterKey) is missing, and the database cannot be read without it; restore it")
            }
            master = try Self.master(folder.masterKey)
        }
        if let source = sources.operatorKey {
            guard let key = APIKey(try source.read()) else {
                throw CommandFailure(.refused, "\(source.shown) does not hold an operator's key")
            }
            operatorKey = key
        } else {
            operatorKey = try Self.operatorKey(folder.operatorKey)
        }
    }

    private static func master(_ path: String) throws(CommandFailure) -> Secret {
        if let text = try PrivateFile.read(path) { return try master(text, from: path) }
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let text = Data(bytes).base64EncodedString()
        try PrivateFile.write(path, text)
        return Secret(text)
    }

    private static func master(_ text: String, from place: String) throws(CommandFailure) -> Secret {
        guard let data = Data(base64Encoded: text), data.count == 32 else {
            throw CommandFailure(.refused, "\(place) does not hold 32 bytes in Base64; restore the right one")
        }
        return Secret(text)
    }

    private static func operatorKey(_ path: String) throws(CommandFailure) -> APIKey {
        if let text = try PrivateFile.read(path) {
            guard let key = APIKey(text) else {
                throw CommandFailure(
                    .refused, "\(path) does not hold a key; remove it, and the next start creates a new one")
            }
            return key
        }
        let key = APIKey()
        try PrivateFile.write(path, key.reveal())
        return key
    }
}

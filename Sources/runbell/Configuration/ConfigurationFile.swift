import Configuration
import Foundation
import Notifications

/// A configuration file: `{"listen": "0.0.0.0:8080", "egress": {"allow": ["10.0.0.0/8"]}}`.
enum ConfigurationFile {
    /// Throws unless the file exists, is strict JSON, and contains only known keys: an unknown one is probably
    /// mistyped.
    static func snapshot(of path: String) throws(InvalidInput) -> any ConfigSnapshot {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InvalidInput("RUNBELL_CONFIG", "The file \(path) cannot be read.")
        }
        let errors = errors(in: data).map { ValidationError(path, $0) }
        guard errors.isEmpty else { throw InvalidInput(errors) }
        do {
            return try JSONSnapshot(data: data.bytes, providerName: path, parsingOptions: .init())
        } catch {
            throw InvalidInput(path, "\(error)")
        }
    }

    private static func errors(in data: Data) -> [String] {
        do throws(JSONError) {
            guard case .object(let object) = try JSONValue.parse(data) else { return ["must be a JSON object."] }
            return keys(of: object).filter { key in !Setting.all.contains { $0.key == key } }
                .map { "unknown setting \($0.printable); `runbell config` lists all settings." }
        } catch {
            return [error.message]
        }
    }

    private static func keys(of object: JSONObject, below path: String = "") -> [String] {
        object.members.flatMap { member -> [String] in
            let key = path.isEmpty ? member.key : "\(path).\(member.key)"
            if case .object(let inner) = member.value { return keys(of: inner, below: key) }
            return [key]
        }
    }
}

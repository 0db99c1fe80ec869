import Foundation

/// The address of a database: `sqlite:` (in the data folder) or `sqlite:PATH`.
enum DatabaseAddress {
    static func error(in text: String) -> String? {
        if text.hasPrefix("postgres:") || text.hasPrefix("postgresql:") {
            return "PostgreSQL is not in this build; omit the setting to use the embedded database."
        }
        return text.hasPrefix("sqlite:") ? nil : "Must be sqlite: or sqlite:PATH."
    }

    /// The path of the database's file. The text must have passed `error(in:)`.
    static func file(_ text: String, in folder: String) -> String {
        let path = text.dropFirst("sqlite:".count)
        return path.isEmpty ? folder + "/runbell.db" : String(path)
    }
}

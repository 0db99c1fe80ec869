import Foundation
import PostgresDatabase

/// The address of a database: `sqlite:` (in the data folder), `sqlite:PATH`, `postgres://…`, or `postgresql:SERVICE`.
enum DatabaseAddress: Sendable {
    /// The path of the database's file.
    case sqlite(file: String)
    case postgres(PostgresAddress)

    /// Nil unless the text is an address.
    init?(_ text: String, in folder: String) {
        if text.hasPrefix("sqlite:") {
            let path = text.dropFirst("sqlite:".count)
            self = .sqlite(file: path.isEmpty ? folder + "/runbell.db" : String(path))
        } else if let address = PostgresAddress(text) {
            self = .postgres(address)
        } else {
            return nil
        }
    }

    static func error(in text: String) -> String? {
        DatabaseAddress(text, in: "") == nil
            ? "Must be sqlite:, sqlite:PATH, postgres://… or postgresql:SERVICE." : nil
    }

    /// For people: without a password.
    var shown: String {
        switch self {
        case .sqlite(let file): file
        case .postgres(let address): address.shown
        }
    }

    /// A setting's value, for people: without a password.
    static func shown(_ text: String) -> String {
        guard case .postgres(let address)? = DatabaseAddress(text, in: ""), address.hasPassword else { return text }
        return address.shown
    }
}

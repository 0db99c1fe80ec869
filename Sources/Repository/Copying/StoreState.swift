import Notifications

/// What a database says of copies of itself: whether it is an unfinished copy, or was copied and is not to be used any
/// longer.
package enum StoreState: Sendable, Equatable {
    case own
    /// With the address that it is copied from.
    case unfinished(from: String)
    /// With the address that it was copied to.
    case moved(to: String)

    static let table = "installation"
    static let columns = ["copied_from", "moved_to"]

    /// The database has the newest schema.
    package static func read(_ database: any SQLDatabase) async throws(RepositoryError) -> StoreState {
        try await database.read(.short, in: .noOrganization) { connection throws(RepositoryError) in
            try read(on: connection)
        }
    }

    static func read(on connection: any SQLConnection) throws(RepositoryError) -> StoreState {
        let found = try connection.row(
            """
            SELECT copied_from, moved_to FROM installation WHERE "only" = 1
            """, []
        ) { row in (from: row.optionalText(0), to: row.optionalText(1)) }
        if let address = found?.to { return .moved(to: address) }
        if let address = found?.from { return .unfinished(from: address) }
        return .own
    }

    static func write(
        _ state: StoreState, on connection: any SQLConnection
    ) throws(RepositoryError) {
        let (from, to): (String?, String?) =
            switch state {
            case .own: (nil, nil)
            case .unfinished(let address): (address, nil)
            case .moved(let address): (nil, address)
            }
        try connection.execute(
            """
            UPDATE installation SET copied_from = $1, moved_to = $2 WHERE "only" = 1
            """, [SQLValue(from), SQLValue(to)])
    }
}

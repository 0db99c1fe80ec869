/// What to call members on pages and in explanations.
package struct DisplayNames: Sendable {
    private let names: [UserID: String]

    package init(_ names: [UserID: String]) {
        self.names = names
    }

    /// `Anna`, or `User 7` if the member has no name.
    package func name(_ user: UserID) -> String { names[user].map(DisplayText.line) ?? "User \(user)" }

    /// An actor of the audit log, for people: `Anna (user:7)`. Names need not be unique.
    package func who(_ actor: String) -> String {
        guard let user = Self.user(actor), let name = names[user] else { return DisplayText.line(actor) }
        return "\(DisplayText.line(name)) (\(actor))"
    }

    /// The user of `user:7`.
    package static func user(_ actor: String) -> UserID? {
        let parts = actor.pieces(between: ":", atMost: 2)
        guard parts.count == 2, String(parts[0]).sameBytes(as: "user") else { return nil }
        return Int64(parts[1]).map { UserID($0) }
    }
}

import ArgumentParser
import Notifications

extension APIClient {
    /// The ID of a channel that is named by its ID, the beginning of its ID, or its name.
    ///
    /// - Parameter organization: the path of its organization.
    func channel(_ typed: String, in organization: String) async throws(CommandFailure) -> String {
        if UniqueID<Channel>(typed) != nil { return typed }
        return try ChannelReference(try await channels(in: organization)).id(typed)
    }

    /// The names of an organization's channels by their IDs, for tables.
    func channelNames(in organization: String) async throws(CommandFailure) -> ChannelNames {
        ChannelNames(try await channels(in: organization))
    }

    private func channels(in organization: String) async throws(CommandFailure) -> [JSONValue] {
        var channels: [JSONValue] = []
        var cursor: String?
        repeat {
            let query = [Query("limit", "250"), Query("cursor", cursor)]
            let page = try await get(organization + "/channels", query: query).json
            channels += page["data"]?.array ?? []
            cursor = page["next_cursor"]?.string
        } while cursor != nil
        return channels
    }
}

/// What to call the channels in a table.
struct ChannelNames {
    private let names: [ForeignText: String]

    /// - Parameter channels: as the API shows them.
    init(_ channels: [JSONValue]) {
        let pairs = channels.map { (ForeignText($0["id"]?.string ?? ""), $0["name"]?.string ?? "") }
        names = Dictionary(pairs) { first, _ in first }
    }

    /// The name; the ID of a channel that has been removed.
    subscript(_ id: JSONValue?) -> String? {
        id?.string.map { names[ForeignText($0)] ?? $0 }
    }
}

/// The channel that a command is about.
struct ChannelArgument: ParsableArguments {
    @Argument(help: "The channel: its ID, the beginning of its ID, or its name.") var channel: String

    /// Its ID. `path` is that of the organization.
    func id(_ api: APIClient, _ path: String) async throws(CommandFailure) -> String {
        try await api.channel(channel, in: path)
    }
}

/// Finds a channel among those of an organization.
struct ChannelReference {
    private let channels: [(id: String, name: String)]

    /// Less of an ID is more likely a name that does not exist.
    private static let leastOfID = 4

    /// - Parameter channels: as the API shows them.
    init(_ channels: [JSONValue]) {
        self.channels = channels.compactMap { channel in
            channel["id"]?.string.map { (id: $0, name: channel["name"]?.string ?? "") }
        }
    }

    /// A name goes before the beginning of an ID, and its exact spelling before another one.
    func id(_ typed: String) throws(CommandFailure) -> String {
        let (name, small) = (ForeignText(typed), ForeignText(typed.lowercased()))
        for found in [
            channels.filter { ForeignText($0.name) == name },
            channels.filter { typed.utf8.count >= Self.leastOfID && $0.id.startsWithBytes(of: small.text) },
            channels.filter { ForeignText($0.name.lowercased()) == small },
        ] where !found.isEmpty {
            guard found.count == 1 else { throw Self.ambiguous(typed, found) }
            return found[0].id
        }
        throw CommandFailure(
            .refused,
            "no channel has the name or the ID \(typed.printable)."
                + NearestWord.hint(typed, among: channels.map(\.name)))
    }

    private static func ambiguous(_ typed: String, _ found: [(id: String, name: String)]) -> CommandFailure {
        let lines = found.prefix(10).map { "  \($0.id)  \($0.name.printable)" }
        return CommandFailure(
            .usage,
            "\(found.count) channels are called \(typed.printable); say which by its ID:\n"
                + lines.joined(separator: "\n"))
    }
}

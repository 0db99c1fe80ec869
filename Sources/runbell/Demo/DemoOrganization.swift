import Foundation
import Notifications

/// Sets up an organization through the API, like any client would. What already exists is kept.
struct DemoOrganization: Sendable {
    static let number: Int64 = 1
    static let name = "Default organization"
    private static let path = "/v1/organizations/\(number)"

    let url: String
    let folder: DataFolder

    /// Creates keys and channels, and returns the state with the channels' ids.
    func setUp(_ state: DemoState) async throws(CommandFailure) -> DemoState {
        let operatorClient = client(try PrivateFile.read(folder.operatorKey))
        _ = try await operatorClient.send(
            .put, Self.path, body: ["name": .string(Self.name), "owner_user_id": 1])
        let owner = try await key(folder.ownerKey, by: operatorClient, ["name": "Demo: the owner", "user_id": 1])
        let ownerClient = client(owner)
        _ = try await key(
            folder.schedulerKey, by: ownerClient, ["name": "Demo: the test scheduler", "scopes": ["events:write"]])
        var state = state
        for draft in Self.drafts(state) {
            guard let kind = draft["kind"]?.string else { continue }
            state.channels[kind] = try await channel(draft, id: state.channels[kind], by: ownerClient)
        }
        try state.save(in: folder)
        return state
    }

    /// A one-time link that signs in as the owner.
    func loginLink() async throws(CommandFailure) -> String {
        let operatorClient = client(try PrivateFile.read(folder.operatorKey))
        let link = try await operatorClient.send(.post, Self.path + "/login-links", body: ["user_id": 1])
        return LoginLink.address(link.json, at: url)
    }

    func client(_ key: String?) -> APIClient {
        APIClient(url: url, key: key.map { Secret($0) }, transport: ServiceTransport.shared)
    }

    /// The key in the file, or a new one.
    private func key(_ file: String, by client: APIClient, _ request: JSONValue) async throws(CommandFailure) -> String
    {
        if let saved = try PrivateFile.read(file) { return saved }
        let made = try await client.send(.post, Self.path + "/keys", body: request)
        guard let key = made.json["key"]?.string else {
            throw CommandFailure(.unavailable, "the service created no key")
        }
        try PrivateFile.write(file, key)
        return key
    }

    /// Creates a channel, or updates it to the receiver's current address. A removed one is created again.
    private func channel(_ draft: JSONValue, id: String?, by client: APIClient) async throws(CommandFailure) -> String?
    {
        if let id {
            do throws(CommandFailure) {
                return try await update(draft, id, by: client)
            } catch  where error.exit == .refused {
                Console.note("The \(draft["kind"]?.cell ?? "") channel of the demo is missing; adding it again.")
            }
        }
        return try await client.send(.post, Self.path + "/channels", body: draft).json["id"]?.string
    }

    /// Only saves a changed address, so that starts do not fill the channel's history.
    private func update(_ draft: JSONValue, _ id: String, by client: APIClient) async throws(CommandFailure) -> String {
        let saved = try await client.get("\(Self.path)/channels/\(id)").json
        guard let port = saved["settings"]?["url"]?.string, let wanted = draft["settings"]?["url"]?.string,
            URL(string: port)?.port != URL(string: wanted)?.port
        else { return id }
        _ = try await client.send(.put, "\(Self.path)/channels/\(id)", body: draft)
        return id
    }

    private static func drafts(_ state: DemoState) -> [JSONValue] {
        let receiver = "http://127.0.0.1:\(state.receiverPort)"
        return [
            draft(
                "slack", "Slack: #load-tests",
                ["url": .string("\(receiver)/services/T00000000/B00000000/DemoDemoDemoDemoDemoDemo")]),
            draft(
                "hipchat", "HipChat: Load tests",
                ["url": .string("\(receiver)/v2/room/1/notification?auth_token=DemoDemoDemo")]),
            draft(
                "webhook", "Web hook: CI",
                ["url": .string("\(receiver)/hook"), "signing_secret": .string(state.secret)]),
        ]
    }

    private static func draft(_ kind: String, _ name: String, _ settings: JSONValue) -> JSONValue {
        ["kind": .string(kind), "name": .string(name), "settings": settings]
    }
}

import Notifications

/// An organization's events as they are received, each once and in their order.
struct EventFeed {
    private let api: APIClient
    private let path: String
    private var connection = LostConnection()
    /// The sequence of the newest event that was read, or was there at the start.
    private(set) var last: Int64

    /// How long the service waits for an event before it answers that there is none.
    private static let wait = 20

    /// Begins behind the newest event. `path` is that of the organization.
    init(_ api: APIClient, _ path: String) async throws(CommandFailure) {
        self.api = api
        self.path = path + "/events/live"
        last = try await api.get(self.path).json["last_sequence"]?.integer ?? 0
    }

    /// The next events; none if nothing came for a while, or the service is unreachable.
    mutating func next() async throws(CommandFailure) -> [JSONValue] {
        let (api, path, last) = (api, path, last)
        let answer = try await connection.surviving { () async throws(CommandFailure) in
            try await api.get(
                path, query: [Query("after", "\(last)"), Query("wait", "\(Self.wait)")],
                deadline: .seconds(Self.wait + 30))
        }
        guard let answer else { return [] }
        self.last = answer.json["last_sequence"]?.integer ?? last
        return answer.json["data"]?.array ?? []
    }
}

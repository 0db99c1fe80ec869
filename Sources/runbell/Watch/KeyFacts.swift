import Notifications

/// What a key says about its runs.
struct KeyFacts: Sendable {
    let organization: Int64?
    let project: Int64?
    let user: Int64?

    /// From the service's description of the key.
    init(_ key: JSONValue) {
        organization = key["organization_id"]?.integer
        project = key["default_project_id"]?.integer
        user = key["default_user_id"]?.integer
    }

    /// Asks the service about the client's key.
    static func ask(_ api: APIClient, deadline: Duration) async throws(CommandFailure) -> KeyFacts {
        KeyFacts(try await api.get("/v1/key", deadline: deadline).json)
    }
}

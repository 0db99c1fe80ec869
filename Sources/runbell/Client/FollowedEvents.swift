import Notifications

/// Which new events to show: the list's filters, which the service applies only to lists.
struct FollowedEvents {
    let type: String?
    let run: Int64?
    /// Codes; empty for all.
    let statuses: [Int64]
    var project: Int64?
    /// Words, separated by blanks.
    var name: String?

    func wants(_ event: JSONValue) -> Bool {
        let content = event["content"] ?? .null
        if let type, content["event"]?.string?.sameBytes(as: type) != true { return false }
        if let run, content["load_test_run_id"]?.integer != run { return false }
        if let project, content["project_id"]?.integer != project { return false }
        if let name {
            let text = (content["name"]?.string ?? "").lowercased()
            let words = name.lowercased().pieces(between: " ")
            guard words.allSatisfy({ $0.isEmpty || text.holdsBytes(of: String($0)) }) else { return false }
        }
        guard !statuses.isEmpty else { return true }
        return content["status"]?.integer.map { statuses.contains($0) } ?? false
    }
}

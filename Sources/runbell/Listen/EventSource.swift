import Notifications

/// Which events `listen` forwards, and under which ID.
struct EventSource: Sendable {
    /// The web hook that is stood in for, as the API shows it; nil for none.
    let channel: JSONValue?
    private let api: APIClient
    private let path: String
    private let types: [String]

    /// - Parameters:
    ///   - path: that of the organization.
    ///   - channel: how the channel was named; nil for none.
    ///   - types: only events of these; empty for all.
    init(_ api: APIClient, _ path: String, channel: String?, types: [String]) async throws(CommandFailure) {
        self.api = api
        self.path = path
        self.types = types
        if let channel {
            let id = try await api.channel(channel, in: path)
            self.channel = try await api.get("\(path)/channels/\(Query.escape(id))").json
        } else {
            self.channel = nil
        }
    }

    /// Without a channel, what only the fallback channel is told is left out.
    func wants(_ event: JSONValue) -> Bool { Self.wants(event, types: types, isForChannel: channel != nil) }

    static func wants(_ event: JSONValue, types: [String], isForChannel: Bool) -> Bool {
        guard let type = event["type"]?.string else { return false }
        if !types.isEmpty { return types.contains { $0.sameBytes(as: type) } }
        return isForChannel || EventType.subscribable.contains { $0.rawValue.sameBytes(as: type) }
    }

    /// The event as the channel gets it, under the ID of its delivery; without a channel, under the event's own.
    func forwarded(_ event: JSONValue) async throws(CommandFailure) -> ForwardedEvent? {
        guard let channel = channel?["id"]?.string, let id = event["id"]?.string else { return ForwardedEvent(event) }
        let answer = try await LostConnection.overcoming { () async throws(CommandFailure) in
            try await api.get("\(path)/events/\(Query.escape(id))")
        }
        let outcome = answer.json["outcomes"]?.array?.first { $0["channel_id"]?.string?.sameBytes(as: channel) == true }
        return Self.forwarded(event, outcome: outcome ?? .null)
    }

    static func forwarded(_ event: JSONValue, outcome: JSONValue) -> ForwardedEvent? {
        let state = outcome["state"]?.string.flatMap { DeliveryState(word: $0) }
        let isSent = outcome["delivery_id"]?.string != nil && state != nil && state != .skipped
        return ForwardedEvent(
            event, as: isSent ? outcome["delivery_id"] : nil,
            refusal: isSent ? nil : outcome["text"]?.string ?? "The channel does not get this event.")
    }
}

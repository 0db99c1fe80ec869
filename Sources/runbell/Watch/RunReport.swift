import Notifications

/// Who was told of a run, as the service says.
struct RunReport: Equatable, Sendable {
    let delivered: [String]
    /// Not delivered so far, with what they wait for.
    let waiting: [String]
    let failed: [String]
    /// Nothing is sent to them until somebody enables them again.
    let disabled: [String]
    let skipped: Int64
    /// The address of the run's page.
    let page: String?

    /// - Parameters:
    ///   - progress: of the run's last event.
    ///   - url: where the service is reached, if it does not say where its pages are.
    init(_ progress: JSONValue, url: String) {
        let deliveries = progress["deliveries"]?.array ?? []
        func name(_ item: JSONValue) -> String { (item["channel_name"]?.string ?? "?").printable }
        func names(_ states: [String], _ word: (JSONValue) -> String? = { _ in nil }) -> [String] {
            deliveries.filter { delivery in states.contains { delivery["state"]?.string?.sameBytes(as: $0) == true } }
                .map { delivery in
                    word(delivery).map { "\(name(delivery)) (\($0))" } ?? name(delivery)
                }
        }
        delivered = names(["delivered"])
        waiting = names(["due", "claimed"]) { delivery in
            if delivery["paused"]?.bool == true { return "paused" }
            return delivery["attempts"]?.integer ?? 0 > 0 ? "will be tried again" : nil
        }
        failed = names(["failed", "cancelled"])
        disabled = (progress["disabled"]?.array ?? []).map(name)
        skipped = progress["skipped"]?.integer ?? 0
        page = progress["page_url"]?.string ?? progress["page_path"]?.string.map { url + $0 }
    }

    /// Whether more may be known in a moment.
    static func isOpen(_ progress: JSONValue) -> Bool {
        (progress["deliveries"]?.array ?? []).contains { delivery in
            let state = delivery["state"]?.string ?? ""
            let isFirst = state.sameBytes(as: "due") && delivery["attempts"]?.integer == 0
            return state.sameBytes(as: "claimed") || isFirst && delivery["paused"]?.bool != true
        }
    }

    /// `3 channels notified: #load-tests, CI, Anna's hook. Not yet: Team (paused). Disabled: Old. https://…`
    var line: String { line(withPage: true) }

    func line(withPage: Bool) -> String {
        var parts = [notified]
        if !waiting.isEmpty { parts.append("Not yet: \(Self.list(waiting)).") }
        if !failed.isEmpty { parts.append("Failed: \(Self.list(failed)).") }
        if !disabled.isEmpty { parts.append("Disabled: \(Self.list(disabled)).") }
        if withPage, let page { parts.append(page.printable) }
        return parts.joined(separator: " ")
    }

    private var notified: String {
        switch delivered.count {
        case 0 where waiting.isEmpty && failed.isEmpty && disabled.isEmpty:
            skipped == 0 ? "The organization has no channels to notify." : "No channel is subscribed to this."
        case 0: "No channel notified."
        case 1: "1 channel notified: \(delivered[0])."
        case let count: "\(count) channels notified: \(Self.list(delivered))."
        }
    }

    private static let mostNames = 20

    private static func list(_ names: [String]) -> String {
        let more = names.count - mostNames
        return names.prefix(mostNames).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}

extension AnnouncedEvent {
    /// Asks who was notified until everybody was, or for a few seconds. Nil if the service does not say.
    func report(_ api: APIClient, within time: Duration, pause: Duration = .milliseconds(300)) async -> RunReport? {
        let end = ContinuousClock.now + time
        let path = "/v1/organizations/\(run.organizationID)/events/\(Query.escape(id))/progress"
        while true {
            guard let progress = try? await api.get(path, deadline: .seconds(3)).json else { return nil }
            guard RunReport.isOpen(progress), ContinuousClock.now + pause < end else {
                return RunReport(progress, url: api.url)
            }
            try? await Task.sleep(for: pause)
        }
    }
}

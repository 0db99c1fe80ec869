/// What an event means to a service that pages people.
enum IncidentStep: Sendable {
    /// Something failed.
    case opens
    /// What failed before has passed.
    case resolves
}

extension EventContent {
    /// Nil for an event that neither opens an incident nor resolves one.
    var incidentStep: IncidentStep? {
        switch self {
        case .channelAlert: .opens
        case .testFinished(let run) where run.status.isFinal: severity == .passed ? .resolves : .opens
        case .testFinished, .testStarted, .testNotificationChannel, .messagePosted, .unreadable: nil
        }
    }

    /// What all events about one incident have in common: the load test, or the channel that has trouble. Nil for other
    /// events.
    var incidentKey: String? {
        switch self {
        case .testStarted(let run), .testFinished(let run): "runbell-\(run.organizationID)-\(run.loadTestID)"
        case .channelAlert(let alert): "runbell-\(alert.organizationID)-channel-\(alert.channelID)"
        case .testNotificationChannel, .messagePosted, .unreadable: nil
        }
    }

    /// Services that page people are told of outcomes only. The test event always goes out.
    var declineWithoutOutcome: Decline? {
        (run != nil || message != nil) && incidentStep == nil ? .outcome : nil
    }
}

/// Such services pass texts on to chat services, so mentions and links are broken as they are there.
extension Notice {
    /// `Load test failed a threshold: Checkout`, with at most this many UTF-16 units.
    func incidentTitle(_ limit: Int) -> String {
        let start = "\(content.headline): "
        return start + ChatText.plain(subject, limit - start.utf16.count)
    }

    /// What the event is about, and labeled values, on a line each.
    func incidentLines(subject limit: Int, value: Int) -> String {
        let lines = facts.map { "\($0.label): \(ChatText.plain($0.value, value))" }
        return ([ChatText.plain(subject, limit)] + lines).joined(separator: "\n")
    }

    /// The same as an object of texts.
    func incidentFacts(value limit: Int) -> JSONObject {
        JSONObject(
            [.init(key: "Name", value: .string(ChatText.plain(subject, 1000)))]
                + facts.map { .init(key: $0.label, value: .string(ChatText.plain($0.value, limit))) })
    }
}

extension MessagePreview {
    /// Shows a message of a title, and of lines of which the first says what it is about.
    init(service: String, color: String, title: String, lines: [String], link: String?) {
        self.init(
            service: service, from: "Runbell", text: nil, color: color, title: title, body: lines.first ?? "",
            facts: lines.dropFirst().map(Self.fact), link: link, linkLabel: nil, footer: nil)
    }
}

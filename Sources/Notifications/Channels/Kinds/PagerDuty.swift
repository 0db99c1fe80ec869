/// PagerDuty's Events API v2 (https://developer.pagerduty.com/docs/events-api-v2-overview). A run that fails opens an
/// incident, and the next run of the same load test that passes resolves it.
package struct PagerDuty: ChannelKind {
    package let id = "pagerduty"
    package let name = "PagerDuty"
    package let group = ChannelGroup.onCall
    package let summary =
        "In PagerDuty, add the integration Events API v2 to a service and copy its integration key."

    package let fields: [Field]

    /// About 120 events per minute and key are taken.
    package let rate: SendingRate? = SendingRate(perMinute: 100, burst: 10)
    package let publicWords = ["v2", "enqueue", "change"]

    /// - Parameter hosts: Hosts that stand in for PagerDuty's own.
    package init(hosts: OtherHosts = []) {
        fields = [
            Field(
                key: "routing_key", label: "Integration key", type: .text(bytes: 32), isSecret: true,
                help: "The key of the service's Events API v2 integration: 32 letters and digits.",
                example: "R0123456789ABCDEF0123456789ABCDE", rule: Self.key),
            Field(
                key: "url", label: "Server",
                type: .url(
                    .servers(["events.pagerduty.com", "events.eu.pagerduty.com"], or: hosts, service: "PagerDuty")),
                isRequired: false,
                help: "For accounts in the EU: https://events.eu.pagerduty.com. A key works in its own region only.",
                example: Self.server, standard: Self.server),
        ]
    }

    package func declines(_ content: EventContent) -> Decline? { content.declineWithoutOutcome }

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        var body = JSONObject()
        body["routing_key"] = .string(settings.text("routing_key") ?? "")
        let step = notice.content.incidentStep
        for member in Self.members(notice, step) { body[member.key] = member.value }
        return HTTPMessage(
            url: HTTPMessage.address(settings.text("url"), step == nil ? "/v2/change/enqueue" : "/v2/enqueue"),
            json: .object(body)
        ).hiding(["routing_key"])
    }

    /// Apprise's `pagerduty://KEY@API_KEY`, without a source or a component.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        guard address.isOf("pagerduty"), let key = address.user, address.path.isEmpty else { return nil }
        let isEU = address["region"]?.lowercased().sameBytes(as: "eu") ?? false
        return ChannelSettings(texts: [
            "routing_key": key, "url": isEU ? "https://events.eu.pagerduty.com" : Self.server,
        ])
    }

    package func verdict(on answer: Answer) -> Verdict {
        switch answer.status {
        case 202: .delivered
        case 400: PagerDutyError.isAboutKey(answer) ? .gone(PagerDutyError.key) : .refused(PagerDutyError.invalidEvent)
        case 401, 403, 404: .refused(PagerDutyError.key)
        case 413: .refused(PagerDutyError.tooLarge)
        case 429: .retry(PagerDutyError.tooMany, after: answer.retryAfter)
        default: .common(answer, service: name)
        }
    }

    private static let server = "https://events.pagerduty.com"

    private static let key = TextRule { text in
        text.wholeMatch(of: /[A-Za-z0-9]{32}/) == nil ? "An integration key has 32 letters and digits." : nil
    }
}

extension PagerDuty {
    /// The test event becomes a change event: it is shown at the service, and pages nobody.
    private static func members(_ notice: Notice, _ step: IncidentStep?) -> [JSONObject.Member] {
        let link = notice.link(atMost: 2000)
        var members: [JSONObject.Member] = []
        if let step, let key = notice.content.incidentKey {
            members.append(.init(key: "event_action", value: step == .opens ? "trigger" : "resolve"))
            members.append(.init(key: "dedup_key", value: .string(key)))
            members.append(.init(key: "client", value: "Runbell"))
            if let link { members.append(.init(key: "client_url", value: .string(link))) }
        }
        if let link {
            members.append(.init(key: "links", value: [["href": .string(link), "text": .string(notice.linkLabel)]]))
        }
        members.append(.init(key: "payload", value: payload(notice, step)))
        return members
    }

    private static func payload(_ notice: Notice, _ step: IncidentStep?) -> JSONValue {
        let run = notice.content.run
        var payload = JSONObject()
        payload["summary"] = .string(notice.incidentTitle(1024))
        payload["source"] = .string(run.map { "Organization \($0.organizationID)" } ?? "Runbell")
        payload["timestamp"] = .string(notice.at.description)
        if step != nil { payload["severity"] = .string(severity(notice.content.severity)) }
        if let run, step != nil {
            payload["component"] = .string("Load test \(run.loadTestID)")
            payload["group"] = .string("Project \(run.projectID)")
            payload["class"] = .string(run.status.text)
        }
        if run != nil { payload["custom_details"] = .object(notice.incidentFacts(value: 1000)) }
        return .object(payload)
    }

    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let body = try? JSONValue.parse(message.body), let payload = body["payload"] else { return nil }
        let facts = payload["custom_details"]?.object?.members ?? []
        let lines = facts.map {
            $0.key.sameBytes(as: "Name") ? $0.value.string ?? "" : "\($0.key): \($0.value.string ?? "")"
        }
        return MessagePreview(
            service: name, color: Self.colors[payload["severity"]?.string ?? ""] ?? "#06ac38",
            title: payload["summary"]?.string ?? "", lines: lines,
            link: body["links"]?.array?.first?["href"]?.string)
    }

    private static let colors = ["error": "#d93025", "warning": "#f1c40f"]

    private static func severity(_ severity: EventSeverity) -> String {
        switch severity {
        case .information, .passed, .stoppedByUser: "info"
        case .stoppedBySystem: "warning"
        case .scriptError, .threshold: "error"
        }
    }
}

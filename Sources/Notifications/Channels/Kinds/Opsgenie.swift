/// Opsgenie's Alert API (https://docs.opsgenie.com/docs/alert-api). A run that fails opens an alert, and the next run of
/// the same load test that passes closes it. Opsgenie ends on 5 April 2027
/// (https://www.atlassian.com/software/opsgenie/migration).
package struct Opsgenie: ChannelKind {
    package let id = "opsgenie"
    package let name = "Opsgenie"
    package let group = ChannelGroup.onCall
    package let summary =
        "In Opsgenie, add an API integration to your team and copy its key. Opsgenie itself ends on 5 April 2027."

    package let fields: [Field]
    package let publicWords = ["v2", "alerts", "close", "identifiertype", "alias"]

    /// - Parameter hosts: Hosts that stand in for Opsgenie's own.
    package init(hosts: OtherHosts = []) {
        fields = [
            Field(
                key: "api_key", label: "API key", type: .text(bytes: 100), isSecret: true,
                help: "The key of the API integration. It must be allowed to create and update alerts.",
                example: "01234567-89ab-cdef-0123-456789abcdef", rule: .token),
            Field(
                key: "url", label: "Server",
                type: .url(.servers(["api.opsgenie.com", "api.eu.opsgenie.com"], or: hosts, service: "Opsgenie")),
                isRequired: false,
                help: "For accounts in the EU: https://api.eu.opsgenie.com. A key works in its own region only.",
                example: Self.server, standard: Self.server),
        ]
    }

    package func declines(_ content: EventContent) -> Decline? { content.declineWithoutOutcome }

    package func message(for notice: Notice, settings: ChannelSettings) -> HTTPMessage {
        let isEnd = notice.content.incidentStep == .resolves
        let key = notice.content.incidentKey ?? "runbell-test-\(notice.deliveryID)"
        let path = isEnd ? "/v2/alerts/\(PercentEncoding.encode(key))/close?identifierType=alias" : "/v2/alerts"
        let token = HTTPMessage.Header(
            "Authorization", "GenieKey \(settings.text("api_key") ?? "")", isSecret: true)
        return HTTPMessage(
            url: HTTPMessage.address(settings.text("url"), path), headers: [token],
            json: isEnd ? Self.closing(notice) : Self.alert(notice, key))
    }

    /// Apprise's `opsgenie://KEY`, without responders, whom Opsgenie's own rules choose here.
    package func recognize(_ address: PastedAddress) -> ChannelSettings? {
        guard address.isOf("opsgenie"), address.user == nil, address.path.isEmpty else { return nil }
        let isEU = address["region"]?.lowercased().sameBytes(as: "eu") ?? false
        return ChannelSettings(texts: [
            "api_key": address.host, "url": isEU ? "https://api.eu.opsgenie.com" : Self.server,
        ])
    }

    package func verdict(on answer: Answer) -> Verdict {
        switch answer.status {
        case 202: .delivered
        case 400, 422: .refused(OpsgenieError.invalidAlert)
        case 401: .gone(OpsgenieError.unauthorized)
        case 402: .refused(OpsgenieError.plan)
        case 403: .gone(OpsgenieError.forbidden)
        case 429: .retry(OpsgenieError.tooMany, after: OpsgenieError.wait(answer))
        default: .common(answer, service: name)
        }
    }

    private static let server = "https://api.opsgenie.com"
}

extension Opsgenie {
    private static let source: JSONValue = "Runbell"

    private static func alert(_ notice: Notice, _ key: String) -> JSONValue {
        var alert = JSONObject()
        alert["message"] = .string(notice.incidentTitle(130))
        alert["alias"] = .string(key)
        alert["description"] = .string(notice.incidentLines(subject: 2000, value: 900))
        alert["priority"] = .string(priority(notice.content.severity))
        alert["source"] = source
        guard let run = notice.content.run else { return .object(alert) }
        alert["entity"] = .string("Load test \(run.loadTestID)")
        let tags = ["load-test"] + run.context.tags.map { ChatText.plain(DisplayText.line($0), 50) }
        alert["tags"] = .array(tags.prefix(20).map(JSONValue.string))
        var details = notice.incidentFacts(value: 400)
        if let link = notice.link(atMost: 2000) { details["Run URL"] = .string(link) }
        alert["details"] = .object(details)
        return .object(alert)
    }

    private static func closing(_ notice: Notice) -> JSONValue {
        let title = notice.incidentTitle(1000)
        return ["source": source, "note": .string("\(title)\n\(notice.incidentLines(subject: 2000, value: 900))")]
    }

    package func preview(of message: HTTPMessage) -> MessagePreview? {
        guard let body = try? JSONValue.parse(message.body) else { return nil }
        let note = body["note"]?.string?.pieces(between: "\n").map { String($0) } ?? []
        let lines = body["description"]?.string?.pieces(between: "\n").map { String($0) } ?? Array(note.dropFirst())
        return MessagePreview(
            service: name, color: Self.colors[body["priority"]?.string ?? ""] ?? "#2ecc71",
            title: body["message"]?.string ?? note.first ?? "", lines: lines,
            link: body["details"]?["Run URL"]?.string)
    }

    private static let colors = ["P2": "#d93025", "P3": "#992d22", "P4": "#f1c40f", "P5": "#1f6feb"]

    private static func priority(_ severity: EventSeverity) -> String {
        switch severity {
        case .information, .passed, .stoppedByUser: "P5"
        case .stoppedBySystem: "P4"
        case .scriptError: "P3"
        case .threshold: "P2"
        }
    }
}

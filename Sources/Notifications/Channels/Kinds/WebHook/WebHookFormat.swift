/// What a web hook's request looks like. The raw value is the word in the API and the database.
package enum WebHookFormat: String, CaseIterable, Sendable {
    /// As the original product documented it. The default; never changes by a byte.
    case loadImpact = "loadimpact"
    /// CloudEvents 1.0 in structured mode: one JSON envelope.
    case cloudEvents = "cloudevents"
    /// CloudEvents 1.0 in binary mode: the attributes are headers.
    case binaryCloudEvents = "cloudevents-binary"
    /// The body that Standard Webhooks recommends.
    case standard
    /// As the original's successor sends it.
    case k6Cloud = "k6-cloud"
    /// A JSON template of the channel's own.
    case template

    /// The format that the settings choose.
    init(_ settings: ChannelSettings) {
        self = settings.text("format").flatMap { WebHookFormat(word: $0) } ?? .loadImpact
    }

    /// The headers that belong to a format, and the body.
    struct Content {
        let headers: [HTTPMessage.Header]
        let body: [UInt8]

        init(_ headers: [(name: String, value: String)], _ body: JSONValue) {
            self.headers = headers.map { HTTPMessage.Header($0.name, $0.value) }
            self.body = body.compactBytes
        }
    }

    func content(for notice: Notice, _ settings: ChannelSettings) -> Content {
        switch self {
        case .loadImpact: LoadImpactFormat.content(for: notice)
        case .cloudEvents: CloudEventFormat(notice).structured
        case .binaryCloudEvents: CloudEventFormat(notice).binary
        case .standard: StandardFormat.content(for: notice)
        case .k6Cloud: K6CloudFormat(notice).content
        case .template: JSONTemplate.content(for: notice, settings)
        }
    }

    /// The `User-Agent` of all formats that do not document one.
    static let ownAgent = (name: "User-Agent", value: "Runbell/1.0")
}

/// The request that the original product documented.
enum LoadImpactFormat {
    static func content(for notice: Notice) -> WebHookFormat.Content {
        WebHookFormat.Content(
            [
                ("Content-Type", "application/json"),
                ("User-Agent", "LoadImpactWebHook/1.0"),
                ("X-LoadImpact-ID", notice.deliveryID.text),
                ("X-LoadImpact-Event", notice.content.type.rawValue),
                ("X-LoadImpact-Attempt", String(notice.attempt)),
            ], notice.content.documentedJSON)
    }
}

/// The body that Standard Webhooks recommends: `{type, timestamp, data}`.
enum StandardFormat {
    static func content(for notice: Notice) -> WebHookFormat.Content {
        WebHookFormat.Content(
            [("Content-Type", "application/json"), WebHookFormat.ownAgent],
            [
                "type": .string(notice.content.type.rawValue), "timestamp": JSONValue(notice.deliveryID.time),
                "data": notice.content.data,
            ])
    }
}

extension EventContent {
    /// The event without its type, for formats whose envelope has it.
    var data: JSONValue {
        guard var object = json.object else { return .object(JSONObject()) }
        object["event"] = nil
        return .object(object)
    }
}

/// A CloudEvent 1.0 over HTTP
/// (https://github.com/cloudevents/spec/blob/main/cloudevents/bindings/http-protocol-binding.md). No attribute needs the
/// percent encoding of header values: each consists of printable ASCII without spaces, quotes and percent signs.
struct CloudEventFormat {
    private let notice: Notice

    init(_ notice: Notice) {
        self.notice = notice
    }

    /// In the order of the specification. All attempts of a delivery have the same.
    private var attributes: [(name: String, value: String)] {
        var attributes = [
            (name: "specversion", value: "1.0"), (name: "id", value: notice.deliveryID.text),
            (name: "source", value: source), (name: "type", value: "runbell.\(notice.content.type.rawValue)"),
        ]
        if let subject { attributes.append((name: "subject", value: subject)) }
        attributes.append((name: "time", value: notice.deliveryID.time.description))
        return attributes
    }

    /// A relative reference: a channel does not know where the service is reached.
    private var source: String {
        switch notice.content {
        case .testStarted(let run), .testFinished(let run): "/runbell/organizations/\(run.organizationID)"
        case .messagePosted(let message): "/runbell/organizations/\(message.organizationID)"
        case .channelAlert(let alert): "/runbell/organizations/\(alert.organizationID)"
        case .testNotificationChannel, .unreadable: "/runbell"
        }
    }

    private var subject: String? {
        switch notice.content {
        case .testStarted(let run), .testFinished(let run): "runs/\(run.id)"
        case .channelAlert(let alert): "channels/\(alert.channelID)"
        case .testNotificationChannel, .messagePosted, .unreadable: nil
        }
    }

    /// The whole event in the body.
    var structured: WebHookFormat.Content {
        var envelope = JSONObject(attributes.map { .init(key: $0.name, value: .string($0.value)) })
        envelope["datacontenttype"] = "application/json"
        envelope["data"] = notice.content.data
        return WebHookFormat.Content(
            [("Content-Type", "application/cloudevents+json"), WebHookFormat.ownAgent], .object(envelope))
    }

    /// The data in the body, everything else in headers.
    var binary: WebHookFormat.Content {
        WebHookFormat.Content(
            [("Content-Type", "application/json"), WebHookFormat.ownAgent]
                + attributes.map { ("ce-\($0.name)", $0.value) }, notice.content.data)
    }
}

import Notifications

/// A received notification.
struct Arrival: Sendable {
    /// Which service the sender addressed.
    enum Service: String, Sendable {
        case slack, hipchat, webhook

        /// Recognizes the paths of Slack's and HipChat's own services, and paths that start with their names.
        init(path: String) {
            if ["/slack", "/services/"].contains(where: path.startsWithBytes) {
                self = .slack
            } else if path.startsWithBytes(of: "/hipchat") || Self.isRoom(path) {
                self = .hipchat
            } else {
                self = .webhook
            }
        }

        /// `/v2/room/7/notification`
        private static func isRoom(_ path: String) -> Bool {
            let parts = path.pieces(between: "/")
            return parts.count >= 5 && ["v1", "v2"].contains(where: parts[1].sameBytes)
                && parts[2].sameBytes(as: "room") && parts[4].sameBytes(as: "notification")
        }
    }

    let at: Timestamp
    let service: Service
    let path: String
    let headers: [String: String]
    let body: [UInt8]
    let signature: SignatureCheck.Result
    /// The same `webhook-id` was received before: a repeated attempt of a delivered event.
    let isRepeat: Bool

    var json: JSONValue {
        [
            "at": JSONValue(at), "service": .string(service.rawValue), "path": .string(path),
            "id": JSONValue(headers["webhook-id"]), "again": .bool(isRepeat), "signature": .string(signature.rawValue),
            "headers": .object(
                JSONObject(headers.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .string($0.value)) })),
            "body": (try? JSONValue.parse(body)) ?? .string(String(decoding: body, as: UTF8.self)),
        ]
    }

    /// One line: when, for which service, what.
    var text: String {
        var parts = [String(at.description.dropFirst(11).prefix(8)), service.rawValue.padded(to: 7), summary.printable]
        if signature != .unchecked { parts.append("(\(signature.text))") }
        if isRepeat { parts.append("(again)") }
        return parts.joined(separator: "  ")
    }

    /// What the notification says, whatever its format.
    var summary: String {
        guard let value = try? JSONValue.parse(body) else { return "\(body.count) bytes that are not JSON" }
        switch service {
        case .slack: return Self.slack(value)
        case .hipchat: return Self.withoutTags(value["message"]?.string ?? "no message")
        case .webhook: return Self.webhook(value)
        }
    }

    private static func slack(_ value: JSONValue) -> String {
        let attachment = value["attachments"]?.array?.first
        return attachment?["fallback"]?.string ?? value["text"]?.string ?? attachment?["text"]?.string ?? "no text"
    }

    private static func webhook(_ value: JSONValue) -> String {
        let event = value["event"]?.string ?? "no event"
        guard let name = value["name"]?.string, let run = value["load_test_run_id"]?.integer else { return event }
        let status = "\(value["status_text"]?.string ?? "?") (status \(value["status"]?.integer ?? 0))"
        return "\(event): \(status), run \(run) of \(name)"
    }

    /// Strips the tags of HipChat's HTML messages.
    private static func withoutTags(_ html: String) -> String {
        let text = html.replacing(/<br ?\/?>/, with: " · ").replacing(/<[^>]*>/, with: "")
        let entities = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&"),
        ]
        return entities.reduce(text) { $0.replacingBytes(of: $1.0, with: $1.1) }
    }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - columns))
    }
}

import Notifications

/// A received mail.
struct MailArrival: Sendable {
    let at: Timestamp
    let mail: ReceivedMail
    /// The same `Message-ID` was received before: a repeated attempt of a delivered event.
    let isRepeat: Bool
    /// What was said to it; nil if nothing was.
    let reply: RelayReply?

    private var content: MailPart { mail.content }

    var json: JSONValue {
        let content = content
        let headers = content.headers.sorted { $0.key < $1.key }
        return [
            "at": JSONValue(at), "service": "email", "from": .string(mail.sender),
            "recipients": .array(mail.recipients.map(JSONValue.string)), "id": JSONValue(content.headers["message-id"]),
            "again": .bool(isRepeat),
            "headers": .object(JSONObject(headers.map { .init(key: $0.key, value: .string($0.value)) })),
            "text": JSONValue(content.text()), "body": .string(content.body),
            "status": reply.map { .integer(Int64($0.code)) } ?? .null,
        ]
    }

    /// A line that says when and what, and the text below it: a request to confirm an address has its link there.
    var text: String {
        let content = content
        let subject = "\(content.headers["subject"] ?? "no subject"), to \(mail.recipients.joined(separator: ", "))"
        var parts = [String(at.description.dropFirst(11).prefix(8)), "email".padded(to: 10), subject.printable]
        if isRepeat { parts.append("(again)") }
        if reply?.code != 250 { parts.append(reply.map { "(answered \($0.code))" } ?? "(not answered)") }
        let lines = (content.text() ?? "").pieces(between: "\n").map { line in
            "    " + String(line).replacingBytes(of: "\r", with: "").printable
        }
        return ([parts.joined(separator: "  ")] + lines.filter { $0.utf8.count > 4 }).joined(separator: "\n")
    }
}

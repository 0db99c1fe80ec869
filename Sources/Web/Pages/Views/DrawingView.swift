import EventRouting
import Notifications

/// A message as its receiver would show it, drawn from the very request that would be sent.
struct DrawingView: Sendable {
    struct Fact: Sendable {
        let label: String
        let value: String
        /// HipChat's word for a coloured label; nil for plain text.
        let lozenge: String?
    }

    let service: String
    let from: String
    /// What stands above the box.
    let text: String?
    /// The colour of the bar, as `#rrggbb`.
    let color: String
    let title: String
    let body: String
    let facts: [Fact]
    let link: String?
    let linkLabel: String?
    let footer: String?
}

extension DrawingView {
    /// Nil for kinds whose receivers are programs: there the request itself is what they see.
    init?(kind: String, request: ShownRequest) {
        guard let body = try? JSONValue.parse(request.body.utf8) else { return nil }
        switch kind {
        case Slack().id: self.init(slack: body)
        case HipChat().id: self.init(hipchat: body)
        default: return nil
        }
    }

    private init?(slack body: JSONValue) {
        guard let box = body["attachments"]?.array?.first, let blocks = box["blocks"]?.array else { return nil }
        let block = { (type: String) in blocks.first { $0["type"]?.string == type } }
        let section = block("section")
        let button = block("actions")?["elements"]?.array?.first
        self.init(
            service: "Slack", from: "incoming-webhook", text: body["text"]?.string.map(Self.plain),
            color: Self.slackColor(box["color"]?.string ?? ""),
            title: Self.plain(block("header")?["text"]?["text"]?.string ?? ""),
            body: Self.plain(section?["text"]?["text"]?.string ?? ""),
            facts: (section?["fields"]?.array ?? []).map(Self.slackFact), link: button?["url"]?.string,
            linkLabel: button?["text"]?["text"]?.string.map(Self.plain),
            footer: block("context")?["elements"]?.array?.first?["text"]?.string.map(Self.plain))
    }

    private init?(hipchat body: JSONValue) {
        guard let card = body["card"] else { return nil }
        let facts = (card["attributes"]?.array ?? []).map { attribute in
            Fact(
                label: attribute["label"]?.string ?? "", value: attribute["value"]?["label"]?.string ?? "",
                lozenge: attribute["value"]?["style"]?.string)
        }
        self.init(
            service: "HipChat", from: body["from"]?.string ?? "", text: nil,
            color: Self.hipChatColor(body["color"]?.string ?? ""), title: card["title"]?.string ?? "",
            body: Self.plain(card["description"]?["value"]?.string ?? ""), facts: facts, link: card["url"]?.string,
            linkLabel: nil, footer: nil)
    }

    /// `*Label*` and the value on the next line.
    private static func slackFact(_ field: JSONValue) -> Fact {
        let parts = (field["text"]?.string ?? "").split(separator: "\n", maxSplits: 1)
        let label = (parts.first ?? "").replacing("*", with: "")
        return Fact(label: plain(String(label)), value: plain(String(parts.dropFirst().first ?? "")), lozenge: nil)
    }

    private static func plain(_ text: String) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    /// https://docs.slack.dev/messaging/formatting-message-text/#attachments
    private static func slackColor(_ word: String) -> String {
        switch word {
        case "good": "#2eb886"
        case "warning": "#daa038"
        case "danger": "#a30200"
        default: word
        }
    }

    private static func hipChatColor(_ word: String) -> String {
        switch word {
        case "green": "#14892c"
        case "yellow": "#f6c342"
        case "red": "#d04437"
        default: "#8c9ba8"
        }
    }
}

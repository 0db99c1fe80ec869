extension Teams {
    /// An Adaptive Card in the envelope that the workflow takes; all of it may have 28 KB. Without `msteams.entities`,
    /// nothing in a card mentions anybody.
    static func body(_ notice: Notice) -> JSONValue {
        [
            "type": "message",
            "attachments": [
                [
                    "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil,
                    "content": .object(card(notice)),
                ]
            ],
        ]
    }

    private static func card(_ notice: Notice) -> JSONObject {
        var card = JSONObject()
        card["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json"
        card["type"] = "AdaptiveCard"
        card["version"] = "1.4"
        card["msteams"] = ["width": "Full"]
        card["body"] = .array(elements(notice))
        card["actions"] = notice.link(atMost: 2000).map { link in
            [["type": "Action.OpenUrl", "title": .string(notice.linkLabel), "url": .string(link)]]
        }
        return card
    }

    private static func elements(_ notice: Notice) -> [JSONValue] {
        let title: JSONValue = [
            "type": "TextBlock", "size": "Large", "weight": "Bolder", "wrap": true,
            "text": .string(notice.content.headline),
        ]
        let heading: JSONValue = [
            "type": "Container", "style": .string(style(notice.content.severity)), "bleed": true, "items": [title],
        ]
        let facts: [JSONValue] =
            notice.facts.isEmpty ? [] : [["type": "FactSet", "facts": .array(notice.facts.map(fact))]]
        let origin: [JSONValue] =
            notice.origin.map {
                [["type": "TextBlock", "size": "Small", "isSubtle": true, "wrap": true, "text": .string($0)]]
            } ?? []
        return [heading, ["type": "TextBlock", "wrap": true, "text": .string(literal(notice.subject, 1500))]] + facts
            + origin
    }

    private static func fact(_ fact: RunFact) -> JSONValue {
        ["title": .string(fact.label), "value": .string(literal(fact.value, 250))]
    }

    /// Cards read a part of Markdown. Text that looks like an address is not linked without its scheme's `://`.
    private static func literal(_ text: String, _ limit: Int) -> String {
        ChatText.escaped(ChatText.linkless(text), limit, marks: #"\*_[]()<>#-~`"#)
    }

    private static func style(_ severity: EventSeverity) -> String {
        switch severity {
        case .information: "accent"
        case .passed: "good"
        case .stoppedByUser, .stoppedBySystem: "warning"
        case .scriptError, .threshold: "attention"
        }
    }
}

/// A message that a CI job posted as it once did to a room of HipChat. It belongs to no run.
package struct PostedMessage: Equatable, Sendable {
    /// HipChat's colors; the raw value is its word.
    package enum Color: String, CaseIterable, Sendable {
        case yellow, green, red, purple, gray, random
    }

    package let organizationID: OrganizationID
    /// The name or number of the room in the address. It decides nothing.
    package let room: String
    /// Who posted it, in its own words.
    package let from: String?
    package let color: Color?
    package let notify: Bool
    /// Without markup, in one line or several.
    package let text: String
    /// As it was posted, if that was HTML which `HTMLText` finds harmless.
    package let html: String?
    /// The page that the message is about.
    package let link: String?

    package init(
        organizationID: OrganizationID, room: String, from: String? = nil, color: Color? = nil, notify: Bool = false,
        text: String, html: String? = nil, link: String? = nil
    ) {
        self.organizationID = organizationID
        self.room = room
        self.from = from
        self.color = color
        self.notify = notify
        self.text = text
        self.html = html
        self.link = link
    }

    /// The longest message, in code points, as HipChat counted; the same in bytes of UTF-8.
    package static let textLength = 10_000
    package static let textBytes = 4 * textLength
    /// The longest sender, counted likewise.
    package static let fromLength = 64
    static let fromBytes = 4 * fromLength
    /// In bytes of UTF-8.
    package static let roomBytes = 200
    static let linkBytes = RunContext.Key.runURL.bytes
}

extension PostedMessage {
    /// As it is stored, and sent to web hooks.
    package var json: JSONValue {
        [
            "event": .string(EventType.messagePosted.rawValue), "organization_id": JSONValue(organizationID),
            "room": .string(room), "from": JSONValue(from), "color": JSONValue(color?.rawValue),
            "notify": .bool(notify), "message": .string(text), "html": JSONValue(html), "link": JSONValue(link),
        ]
    }

    /// Reads what `json` wrote.
    init(reading fields: inout FieldReader) throws(InvalidInput) {
        let organization = fields.integer("organization_id")
        let room = fields.text("room", bytes: Self.roomBytes, controls: .taken)
        let from = fields.text("from", .orNull, bytes: Self.fromBytes, controls: .taken)
        let color: Color? = fields.color()
        let notify = fields.bool("notify")
        let text = fields.text("message", bytes: Self.textBytes, controls: .taken)
        let html = fields.text("html", .orNull, bytes: Self.textBytes, controls: .taken)
        let link = fields.text("link", .orNull, bytes: Self.linkBytes)
        if let html, !HTMLText(html).isHarmless { fields.reject("html", "Must be harmless HTML.") as Void? }
        if let link, !WebAddress.isLink(link) { fields.reject("link", "Must be a web address.") as Void? }
        try fields.finish()
        guard let organization, let room, let notify, let text else { throw InvalidInput(fields.errors) }
        self.init(
            organizationID: OrganizationID(organization), room: room, from: from, color: color, notify: notify,
            text: text, html: html, link: link)
    }

    /// The labeled values that every kind shows.
    var facts: [RunFact] {
        [("From", from), ("Room", room)].compactMap { label, value in
            let shown = DisplayText.line(value ?? "")
            // Discord, for one, takes no value without a visible character.
            return shown.hasVisibleCharacter ? RunFact(label, shown, isUserText: true) : nil
        }
    }

    /// What its color says about it. Yellow counts as a warning only where it was chosen: it was HipChat's default.
    var severity: EventSeverity {
        switch color {
        case .green: .passed
        case .red: .scriptError
        case .yellow: .stoppedBySystem
        case .purple, .gray, .random, nil: .information
        }
    }
}

extension FieldReader {
    /// `color`, one of HipChat's words; nil if left out, null or wrong.
    mutating func color() -> PostedMessage.Color? {
        guard let word = text("color", .orNull, bytes: 20) else { return nil }
        if let color = PostedMessage.Color(word: word) { return color }
        let words = PostedMessage.Color.allCases.map(\.rawValue).joined(separator: ", ")
        return reject("color", "Must be one of \(words).")
    }
}

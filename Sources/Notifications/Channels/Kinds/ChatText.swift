/// What every chat service is told about an event, and how text by users is kept from pinging, linking and formatting.
/// Texts that are sent in two forms, or with fewer words, are the kind's own.
extension Notice {
    /// `Organization 42 · test.finished`, for the line at the bottom; nil if the event names no
    /// organization.
    var origin: String? { content.organizationID.map { "Organization \($0) · \(content.type.rawValue)" } }

    /// The label of the link to the run's page, or to what a message is about.
    var linkLabel: String { content.run.map { "Open run \($0.id)" } ?? (content.message == nil ? "" : "Open link") }

    /// The page of the run or the message, if there is one and its address is at most this many characters.
    func link(atMost limit: Int) -> String? {
        guard content.run != nil || content.message != nil, let runLink, runLink.utf16.count <= limit else {
            return nil
        }
        return runLink
    }

    /// The load test's name, or the explanation of an event that belongs to no run. Contains text by users.
    var subject: String { content.run?.displayName ?? DisplayText.line(content.explanation) }

    var facts: [RunFact] { content.facts }
}

/// Text by users in forms that chat services show literally.
enum ChatText {
    /// For services that have no escape for text that they send as it is: a character that nobody sees stands behind
    /// `@`, `<` and `#`, which begin mentions, and within `://`, which makes a link.
    static func plain(_ text: String, _ limit: Int) -> String {
        DisplayText.cut(linkless(text), to: limit) { scalar in
            "@<#".unicodeScalars.contains(scalar) ? "\(scalar)\u{200B}" : nil
        }
    }

    /// For services that read Markdown: a code span, which shows everything literally. Grave accents, which would end
    /// it, are replaced by their modifier letter.
    static func code(_ text: String, _ limit: Int) -> String {
        "`" + plain(text.replacingBytes(of: "`", with: "\u{2CB}"), limit - 2) + "`"
    }

    /// For services that read Markdown and honor a backslash before each of `marks`.
    static func escaped(_ text: String, _ limit: Int, marks: String) -> String {
        DisplayText.cut(text, to: limit) { marks.unicodeScalars.contains($0) ? "\\\($0)" : nil }
    }

    /// For services that read HTML. The character that nobody sees is here too, since some look for mentions and
    /// addresses in what HTML shows.
    static func html(_ text: String, _ limit: Int) -> String {
        DisplayText.cut(linkless(text), to: limit) { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            default: scalar.value == 0x40 ? "@\u{200B}" : nil
            }
        }
    }

    /// A character that nobody sees between scheme and host keeps services from turning addresses into links.
    static func linkless(_ text: String) -> String { text.replacingBytes(of: "://", with: ":\u{200B}//") }
}

extension EventSeverity {
    /// What stands for the color in services whose messages have none.
    var symbol: String {
        switch self {
        case .information: "▶️"
        case .passed: "✅"
        case .stoppedByUser: "⏹️"
        case .stoppedBySystem: "⚠️"
        case .scriptError: "❌"
        case .threshold: "🚨"
        }
    }

    /// The color of a message about such an event, as one number: 0xRRGGBB.
    var color: Int64 {
        switch self {
        case .information: 0x1F6FEB
        case .passed: 0x2ECC71
        case .stoppedByUser: 0x95A5A6
        case .stoppedBySystem: 0xF1C40F
        case .scriptError: 0x992D22
        case .threshold: 0xD93025
        }
    }

    /// The color as `#rrggbb`.
    var hexColor: String { "#" + Self.hexadecimal(color) }

    /// Six digits of a number.
    static func hexadecimal(_ number: Int64) -> String {
        let digits = String(max(0, number) & 0xFFFFFF, radix: 16)
        return String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }
}

extension HTTPMessage {
    /// A message with a JSON body, as chat services take it.
    init(
        method: Method = .post, url: String, headers: [Header] = [], json: JSONValue, type: String = "application/json"
    ) {
        self.init(
            method: method, url: url,
            headers: [.init("Content-Type", type), .init("User-Agent", "Runbell/1.0")] + headers,
            body: json.compactBytes)
    }
}

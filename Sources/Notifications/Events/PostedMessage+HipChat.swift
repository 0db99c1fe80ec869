/// The body of HipChat's room notification (API v2, formerly documented at
/// https://www.hipchat.com/docs/apiv2/method/send_room_notification), as old CI jobs send it.
extension PostedMessage {
    /// Reads a JSON body. As in HipChat's API, unknown members are ignored; of a card, only the address counts, since the
    /// message has to say everything for clients that show no cards. Throws all errors at once.
    package init(
        hipChat value: JSONValue, room: String, organization: OrganizationID
    ) throws(InvalidInput) {
        var fields = FieldReader(value)
        let from = fields.text("from", .orNull, bytes: Self.fromBytes, controls: .taken)
        if let from, from.unicodeScalars.count > Self.fromLength {
            fields.reject("from", "Must be at most \(Self.fromLength) characters.") as Void?
        }
        let color = fields.color()
        let notify = fields.flag("notify") ?? false
        let format = fields.format()
        let message = fields.text("message", bytes: Self.textBytes, controls: .taken)
        if let message, message.unicodeScalars.count > Self.textLength {
            fields.reject("message", "Must be at most \(Self.textLength) characters.") as Void?
        }
        let card = fields.value("card")
        guard fields.errors.isEmpty, let message else { throw InvalidInput(fields.errors) }
        self.init(
            message, format, card: card?["url"]?.string, room: room, organization: organization, from: from,
            color: color, notify: notify)
    }

    /// Reads a body that is the message itself, as `text/plain` or `text/html`.
    package init(
        hipChat message: String, isHTML: Bool, room: String, organization: OrganizationID
    ) throws(InvalidInput) {
        let format = isHTML ? Format.html : .text
        let body: JSONValue = ["message": .string(message), "message_format": .string(format.rawValue)]
        try self.init(hipChat: body, room: room, organization: organization)
    }

    /// HTML is HipChat's default.
    enum Format: String, CaseIterable {
        case html, text
    }

    private init(
        _ message: String, _ format: Format, card: String?, room: String, organization: OrganizationID,
        from: String?, color: Color?, notify: Bool
    ) {
        let html = format == .html ? HTMLText(message) : nil
        let text = html?.text ?? Self.trimmed(message)
        let links = [card, html?.link, Self.link(in: text)].compactMap { $0 }
        self.init(
            organizationID: organization, room: room, from: from, color: color, notify: notify,
            text: text.hasVisibleCharacter ? text : "(a message without text)",
            html: html?.isHarmless == true ? message : nil,
            link: links.first { $0.utf8.count <= Self.linkBytes && WebAddress.isLink($0) })
    }

    /// With line feeds as line breaks, and without white space around it, such as the last line break of a file.
    private static func trimmed(_ text: String) -> String {
        var bytes = Array(text.replacingBytes(of: "\r\n", with: "\n").utf8)[...].drop { $0.isBlank }
        while let last = bytes.last, last.isBlank { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The first web address among the words of a text, without the punctuation of the sentence around it.
    private static func link(in text: String) -> String? {
        let words = text.utf8.split { $0 <= 0x20 }
        for word in words {
            var word = word.drop { "(<[\"'".utf8.contains($0) }
            while let last = word.last, ".,;:!?)>]\"'".utf8.contains(last) { word.removeLast() }
            let address = String(Substring(word))
            if WebAddress.isWritten(address) { return address }
        }
        return nil
    }
}

extension FieldReader {
    /// True or false, also as a text, as HipChat took it.
    fileprivate mutating func flag(_ key: String) -> Bool? {
        guard let value = value(key), value != .null else { return nil }
        if let flag = value.bool { return flag }
        switch value.string.flatMap({ Flag(word: $0) }) {
        case .true: return true
        case .false: return false
        case nil: return reject(key, "Must be true or false.")
        }
    }

    private enum Flag: String, CaseIterable {
        case `true`, `false`
    }

    /// `message_format`.
    fileprivate mutating func format() -> PostedMessage.Format {
        guard let word = text("message_format", .orNull, bytes: 20) else { return .html }
        if let format = PostedMessage.Format(word: word) { return format }
        reject("message_format", "Must be html or text.") as Void?
        return .html
    }
}

import Notifications

extension Schema {
    /// The settings of a kind, built from its fields. A replacement may omit secrets or send them masked.
    static func settings(of fields: [Field], isReplacement: Bool) -> Schema {
        var schema = Schema.body([:])
        for field in fields {
            let mayStay = isReplacement && field.isSecret
            let value = mayStay ? replacement(of: field) : of(field)
            let shown: Members = [field.key: (field.isRequired ? value : value.orNull).described(field.help)]
            schema = field.isRequired && !mayStay ? schema.adding(shown) : schema.mayHave(shown)
        }
        return schema
    }

    private static func of(_ field: Field) -> Schema {
        switch field.type {
        case .url:
            // Printable ASCII without the backslash and the number sign (`OutboundURL`).
            let url = address.with("pattern", #"^https?://[!"$-\[\]-~]+$"#)
            let isWhole = (try? OutboundURL(parsing: field.example)) != nil
            return isWhole ? url.with("examples", [.string(field.example)]) : url
        case .text(let bytes): return visible(bytes: bytes)
        case .lines(let bytes), .privateKey(let bytes): return lines(bytes: bytes)
        case .bool: return flag
        case .choice(let choices): return words(choices)
        case .signingSecret: return text.with("pattern", "^whsec_[A-Za-z0-9+/]{32,86}={0,2}$")
        }
    }

    /// Tabs and ends of lines are the only control characters.
    private static func lines(bytes: Int) -> Schema {
        let control = #"\u0000-\u0008\u000B-\u000C\u000E-\u001F\u007F-\u009F"#
        return visible(bytes: bytes).with("pattern", .string("^[^\(control)]*[^\\s\(control)][^\(control)]*$"))
    }

    /// A new secret, or the old one in its masked form, with `…` for the hidden part.
    private static func replacement(of field: Field) -> Schema {
        switch field.type {
        case .url: address
        default: text.with("minLength", 1)
        }
    }

    private static let address = text.with("minLength", 1).with("maxLength", .integer(Int64(OutboundURL.lengthLimit)))
}

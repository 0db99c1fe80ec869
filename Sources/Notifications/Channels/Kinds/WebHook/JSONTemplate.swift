/// A web hook's own body: JSON whose texts hold placeholders, `{{name}}`, and nothing else: no conditions, no loops.
///
/// The template is parsed before anything is filled in, so that no value can end a text or add a member: what was accepted
/// once is valid JSON for every event. A text that is a single placeholder becomes its value, with its own type: a number,
/// or null if the event has none. Within a longer text a value is written out, and a missing one is empty.
struct JSONTemplate: Sendable {
    /// The length of a template in bytes, and how many placeholders it may have. A value is cut to `valueLength`, so that
    /// a small template cannot make a huge body.
    static let lengthLimit = 10_000
    static let mostPlaceholders = 50
    static let valueLength = 1000

    private let body: JSONValue

    /// Throws what is wrong, as a whole sentence.
    init(parsing text: String) throws(TemplateError) {
        do {
            body = try JSONValue.parse(Array(text.utf8))
        } catch {
            throw TemplateError(
                message: "The template is not JSON: \(error.message) Placeholders are placed between quotation marks, "
                    + #"those of numbers too: "{{load_test_run_id}}" alone becomes a number."#)
        }
        guard body.object != nil else { throw TemplateError(message: "The template must be a JSON object.") }
        var count = 0
        try Self.check(body, &count)
        guard count <= Self.mostPlaceholders else {
            throw TemplateError(message: "At most \(Self.mostPlaceholders) placeholders are allowed.")
        }
    }

    /// The body for an event.
    func body(for notice: Notice) -> JSONValue {
        Self.filled(body, TemplateValues(notice))
    }

    private static func check(_ value: JSONValue, _ count: inout Int) throws(TemplateError) {
        switch value {
        case .string(let text): count += try TemplateText(parsing: text).placeholders
        case .array(let items): for item in items { try check(item, &count) }
        case .object(let object):
            for member in object.members {
                guard try TemplateText(parsing: member.key).placeholders == 0 else {
                    throw TemplateError(message: "A placeholder stands in a member's name; only values may have them.")
                }
                try check(member.value, &count)
            }
        case .null, .bool, .integer, .number: break
        }
    }

    private static func filled(_ value: JSONValue, _ values: TemplateValues) -> JSONValue {
        switch value {
        case .string(let text): (try? TemplateText(parsing: text))?.filled(values) ?? value
        case .array(let items): .array(items.map { filled($0, values) })
        case .object(let object):
            .object(JSONObject(object.members.map { .init(name: $0.name, value: filled($0.value, values)) }))
        case .null, .bool, .integer, .number: value
        }
    }
}

/// Why a template is not accepted.
struct TemplateError: Error, Equatable {
    /// A whole sentence for people.
    let message: String
}

extension JSONTemplate {
    /// A template and the format that uses it belong together.
    static func errors(in settings: ChannelSettings) -> [ValidationError] {
        guard let text = settings.text("template") else {
            return WebHookFormat(settings) == .template
                ? [ValidationError("template", "The format template needs a template.")] : []
        }
        do throws(TemplateError) {
            _ = try JSONTemplate(parsing: text)
            return []
        } catch {
            return [ValidationError("template", error.message)]
        }
    }

    /// Settings are checked when they are saved, so that their template can be parsed.
    static func content(for notice: Notice, _ settings: ChannelSettings) -> WebHookFormat.Content {
        let template = try? JSONTemplate(parsing: settings.text("template") ?? "")
        return WebHookFormat.Content(
            [("Content-Type", "application/json"), WebHookFormat.ownAgent],
            template?.body(for: notice) ?? notice.content.json)
    }
}

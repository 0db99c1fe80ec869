import ArgumentParser
import Foundation
import Notifications

/// A channel, or changes to one, from the command line.
struct ChannelDraftOptions: ParsableArguments {
    @Option(help: "The kind; runbell channels kinds lists them. Left out, it is recognized from the URL.")
    var kind: String?
    @Option(help: "A display name.")
    var name: String?
    @Option(help: "The URL; short for --set url=URL.")
    var url: String?
    @Option(name: .customLong("set"), help: "A setting of the kind, as KEY=VALUE; repeatable.")
    var fields: [String] = []
    @Option(
        name: .customLong("set-file"),
        help:
            "A setting from a file, as KEY=PATH (- for standard input); repeatable. Keeps secrets out of the process list."
    )
    var files: [String] = []
    @Option(name: .customLong("unset"), help: "An optional setting to remove; repeatable.")
    var unset: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: "Only these event types: test.finished leaves out the starts of load tests.")
    var events: [String] = []
    @Option(
        parsing: .upToNextOption,
        help: """
            Only runs that ended so: codes, words such as failed-threshold, or failed for all bad ends. Starts are sent \
            all the same, unless --events test.finished is given too.
            """,
        transform: StatusWord.several)
    var statuses: [[TestStatus]] = []
    @Option(parsing: .upToNextOption, help: "Only these projects.", transform: OptionValue.numbers)
    var projects: [[Int64]] = []
    @Option(help: "Only events that a rule takes, as RULE=ITEM,ITEM; may be given often.")
    var only: [String] = []
    @Flag(help: "All events, statuses and projects.")
    var everything = false
    @Option(help: "Rate limit per minute, 1 to 6000; 0 for the kind's own limit.")
    var maxPerMinute: Int64?
    @Flag(inversion: .prefixedEnableDisable, help: "Enable or disable the channel.")
    var sending: Bool?
    @Option(help: "A JSON file with the whole channel (- for standard input); other options override it.")
    var file: String?

    /// Applies the options to `base`: a saved channel, or nothing.
    func draft(on base: JSONValue, kinds: JSONValue) throws(CommandFailure) -> JSONValue {
        var draft =
            try file.map { path throws(CommandFailure) in try InputFile.json(path) }?.object ?? base.object
            ?? JSONObject()
        if let kind { draft["kind"] = .string(try ChannelKindList(kinds).checked(kind)) }
        if let name { draft["name"] = .string(name) }
        draft["settings"] = .object(try settings(on: draft["settings"]?.object ?? JSONObject(), draft["kind"], kinds))
        if let subscription = try subscription(on: draft["subscription"] ?? .null) {
            draft["subscription"] = subscription
        }
        if let maxPerMinute { draft["max_per_minute"] = maxPerMinute == 0 ? .null : .integer(maxPerMinute) }
        if let sending { draft["enabled"] = .bool(sending) }
        return .object(draft)
    }

    private func settings(
        on base: JSONObject, _ kind: JSONValue?, _ kinds: JSONValue
    ) throws(CommandFailure) -> JSONObject {
        var settings = base
        if let url { settings["url"] = .string(url) }
        for key in unset { settings[key] = .null }
        for field in fields {
            guard let (key, text) = Self.pair(field) else {
                throw CommandFailure(.usage, "--set takes KEY=VALUE, not \(field)")
            }
            let list = ChannelKindList(kinds)
            try list.check(key, of: kind?.string)
            settings[key] = list.value(text, of: key, kind: kind?.string)
        }
        for field in files {
            guard let (key, path) = Self.pair(field) else {
                throw CommandFailure(.usage, "--set-file takes KEY=PATH, not \(field)")
            }
            settings[key] = .string(try InputFile.text(path))
        }
        return settings
    }

    private static func pair(_ text: String) -> (key: String, value: String)? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    private func subscription(on base: JSONValue) throws(CommandFailure) -> JSONValue? {
        let asked = try self.asked
        guard everything || !asked.isEmpty else { return nil }
        var parts = everything ? JSONObject() : base.object ?? JSONObject()
        for (rule, items) in asked { parts[rule.key] = .array(items.map(rule.item)) }
        return .object(parts)
    }

    /// The rules given as options, with their items.
    private var asked: [(rule: SubscriptionRule, items: [String])] {
        get throws(CommandFailure) {
            var given = [
                ("events", events.flatMap { $0.pieces(between: ",").map { String($0) } }),
                ("statuses", statuses.joined().map { String($0.code) }),
                ("projects", projects.joined().map { String($0) }),
            ]
            for text in only {
                guard let (rule, items) = Self.pair(text) else {
                    throw CommandFailure(.usage, "--only takes RULE=ITEM,ITEM, not \(text)")
                }
                given.append((rule, items.pieces(between: ",").map { String($0) }))
            }
            var asked: [(rule: SubscriptionRule, items: [String])] = []
            for (word, items) in given where !items.isEmpty {
                guard let rule = SubscriptionRule.all.first(where: { $0.option == word || $0.key == word }) else {
                    let words = SubscriptionRule.all.map(\.option).joined(separator: ", ")
                    throw CommandFailure(.usage, "\(word) is no rule; there are \(words)")
                }
                asked.append((rule, items))
            }
            return asked
        }
    }

    var isEmpty: Bool {
        kind == nil && name == nil && url == nil && fields.isEmpty && files.isEmpty && unset.isEmpty && events.isEmpty
            && statuses.isEmpty
            && projects.isEmpty && only.isEmpty && !everything && maxPerMinute == nil && sending == nil && file == nil
    }
}

/// The answer of `GET /v1/channel-kinds`.
struct ChannelKindList {
    let kinds: [JSONValue]

    init(_ answer: JSONValue) {
        kinds = answer["data"]?.array ?? []
    }

    /// The kind, if there is one of that ID, or no list.
    func checked(_ kind: String) throws(CommandFailure) -> String {
        let ids = kinds.compactMap { $0["id"]?.string }
        if ids.isEmpty || ids.contains(where: { $0.sameBytes(as: kind) }) { return kind }
        throw CommandFailure(
            .usage,
            "--kind must be one of \(ids.joined(separator: ", ")), not \(kind.printable)."
                + NearestWord.hint(kind, among: ids))
    }

    /// Throws if the kind is known and has no such setting.
    func check(_ key: String, of kind: String?) throws(CommandFailure) {
        let fields = kinds.first { $0["id"]?.string == kind }?["fields"]?.array ?? []
        let keys = fields.compactMap { $0["key"]?.string }
        if keys.isEmpty || keys.contains(where: { $0.sameBytes(as: key) }) { return }
        throw CommandFailure(
            .usage,
            "--set \(key.printable): \(kind ?? "") has the settings \(keys.joined(separator: ", "))."
                + NearestWord.hint(key, among: keys))
    }

    /// Converts a value to its field's type: `true` for a boolean field, otherwise the text.
    func value(_ text: String, of key: String, kind: String?) -> JSONValue {
        let kind = kinds.first { $0["id"]?.string == kind }
        let field = kind?["fields"]?.array?.first { $0["key"]?.string == key }
        return field?["type"]?.string == "boolean" ? Bool(text).map(JSONValue.bool) ?? .string(text) : .string(text)
    }
}

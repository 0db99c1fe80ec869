import HTTPTypes
import Notifications

extension APIDescription {
    var channelKinds: Section {
        Section(
            tag: "Channel kinds", text: "The kinds of channels and their settings.",
            operations: [
                Operation(
                    method: .get, path: "/v1/channel-kinds", id: "listChannelKinds",
                    summary: "List the kinds and their fields", access: .anyKey,
                    answers: [.ok(.page(of: .named("ChannelKind")))])
            ],
            schemas: [
                "ChannelKind": .object([
                    "id": .words(kinds.ids), "name": .text, "summary": .text, "fields": .list(of: Self.field),
                ])
            ])
    }

    private static let field = Schema.object([
        "key": .text, "label": .text, "type": .text, "required": .flag, "secret": .flag, "help": .text,
        "example": Schema.text.orNull,
    ]).mayHave(["max_bytes": .count, "choices": .list(of: .text)])
}

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
                    text: "Forms, the command line and validation follow from them.", query: Parameter.page,
                    answers: [.ok(.page(of: .named("ChannelKind")))]),
                Operation(
                    method: .post, path: "/v1/channel-kinds/recognize", id: "recognizeChannelKind",
                    summary: "Recognize the kind of a pasted address", access: .anyKey,
                    text: "Nothing is stored, and nothing is sent to the address.",
                    body: .json(.body(["url": .visible(bytes: PastedAddress.lengthLimit)])),
                    answers: [.ok(.named("RecognizedKind"))]),
            ],
            schemas: [
                // With a name of its own, because generators of clients would call the type of a channel's `kind`
                // ChannelKind too.
                "ChannelKindID": .words(kinds.ids),
                "ChannelKind": .object([
                    "id": .named("ChannelKindID"), "name": .text, "summary": .text, "group": .word(ChannelGroup.self),
                    "mark": .text, "fields": .list(of: Self.field),
                ]),
                "RecognizedKind": .object([
                    "kind": Schema.text.orNull, "name": Schema.text.orNull,
                    "settings": Schema(["type": ["object", "null"]])
                        .described(
                            "The settings that the address stands for. All three are null for no kind's address."),
                ]),
            ])
    }

    private static let field = Schema.object([
        "key": .text, "label": .text, "type": .text, "required": .flag, "secret": .flag, "help": .text,
        "example": Schema.text.orNull,
    ]).mayHave(["max_bytes": .count, "choices": .list(of: .text)])
}

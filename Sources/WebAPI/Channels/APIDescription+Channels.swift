import HTTPTypes
import Notifications

extension APIDescription {
    var channels: Section {
        Section(
            tag: "Channels", text: "Where notifications are sent.",
            operations: [
                Operation(
                    method: .get, path: "/v1/organizations/:organization/channels", id: "listChannels",
                    summary: "List the channels", access: .holder(of: .read), query: Parameter.page,
                    answers: [.ok(.page(of: channel.adding(["health": Schema.named("ReceiverHealth").orNull])))]),
                Operation(
                    method: .post, path: "/v1/organizations/:organization/channels", id: "createChannel",
                    summary: "Create a channel", access: .holder(of: .administer),
                    text: "Of kinds that sign their requests, the answer has the signing secret, only this once.",
                    body: .json(.named("ChannelDraft"), example: Example.channelDraft),
                    answers: [.created(.named("NewChannel"), headers: [.eTag]).like(Example.channel)],
                    refusals: [.conflict]),
                Operation(
                    method: .get, path: "/v1/organizations/:organization/channels/:channel", id: "showChannel",
                    summary: "Show a channel", access: .holder(of: .read),
                    answers: [
                        .ok(
                            channel.adding([
                                "health": Schema.named("ReceiverHealth").orNull,
                                "address_fingerprint": Self.fingerprint.orNull,
                            ]), headers: [.eTag]
                        ).like(Example.channelWithHealth)
                    ]),
                Operation(
                    method: .put, path: "/v1/organizations/:organization/channels/:channel", id: "replaceChannel",
                    summary: "Replace a channel; a secret that is omitted or masked is kept",
                    access: .holder(of: .administer),
                    text: "If the address changes to another host, a stored token must be entered again.",
                    headers: [.ifMatch], body: .json(.named("ChannelReplacement")),
                    answers: [.ok(.named("Channel"), headers: [.eTag])], refusals: [.conflict]),
                Operation(
                    method: .delete, path: "/v1/organizations/:organization/channels/:channel", id: "removeChannel",
                    summary: "Remove a channel and cancel its queued deliveries",
                    access: .holder(of: .administer), headers: [.ifMatch], answers: [.removed]),
                Operation(
                    method: .post, path: "/v1/organizations/:organization/channels/:channel/move", id: "moveChannel",
                    summary: "Replace a channel by a new one of another kind, with the same name and subscription",
                    access: .holder(of: .administer), headers: [.ifMatch], body: .json(.named("ChannelMove")),
                    answers: [.created(.named("NewChannel"), headers: [.eTag])]),
                Operation(
                    method: .post, path: "/v1/organizations/:organization/channels/:channel/pause", id: "pauseChannel",
                    summary: "Pause a channel: queue its deliveries", access: .holder(of: .administer),
                    headers: [.ifMatch], body: .nothing,
                    answers: [.ok(.named("Channel"), headers: [.eTag])], refusals: [.conflict]),
                Operation(
                    method: .post, path: "/v1/organizations/:organization/channels/:channel/resume",
                    id: "resumeChannel",
                    summary: "Resume a channel: send what was queued, oldest first and at a limited rate",
                    access: .holder(of: .administer), headers: [.ifMatch],
                    body: .optional(.body([:], optional: ["skip_older_than": Schema.givenTime.orNull])),
                    answers: [.ok(.named("Channel"), headers: [.eTag])], refusals: [.conflict]),
            ],
            schemas: [
                "Subscription": Self.subscription,
                "Channel": channel,
                "ReceiverHealth": Self.receiverHealth,
                "NewChannel": channel.mayHave(["signing_secret": Self.signingSecret]),
            ])
    }

    /// One schema for each kind, and the choice between them.
    var channelDrafts: [(key: String, value: Schema)] {
        choice(named: "Draft") { Self.draft($0, isReplacement: false) }
            + choice(named: "Replacement") { Self.draft($0, isReplacement: true) }
            + choice(named: "Move") { kind in
                .body([
                    "kind": .constant(.string(kind.id)), "settings": .settings(of: kind.fields, isReplacement: false),
                ])
            }
    }

    var channel: Schema {
        Schema.object([
            "id": .id, "organization_id": .number, "kind": .named("ChannelKindID"), "name": .text,
            "settings": Schema(["type": "object"]).described("The fields of the kind, with secrets masked."),
            "subscription": .named("Subscription"), "max_per_minute": Self.rate.orNull, "enabled": .flag,
            "state": .words([ChannelState.enabled, .paused, .disabled].map(\.rawValue)),
            "disabled_reason": Schema.text.orNull,
            "ended": Schema.text.orNull.described("That the service has ended, such as HipChat's; otherwise null."),
            "pending": Schema.text.orNull.described(
                "What somebody has to do before notifications arrive, such as recipients of mail who have to confirm their "
                    + "address; otherwise null."),
            "certificates": .list(of: .object(["setting": .text, "name": .text, "expires_at": .time])),
            "version": .ordinal, "created_at": .time, "updated_at": .time,
        ])
    }

    static let signingSecret = Schema.text.described("Signs requests to the channel. Shown only this once.")

    private static let fingerprint = Schema.text.with("pattern", "^[0-9a-f]{8}$")
        .described("The same for equal addresses of the organization; null if the kind has no secret address.")

    private static let rate = Schema.count(in: ChannelDraft.ratesAllowed)
        .described("Rate limit in deliveries per minute; null for the limit that the kind's service publishes.")

    private static let receiverHealth = Schema.object([
        "last_success_at": Schema.time.orNull, "failing_since": Schema.time.orNull,
        "finding": Schema.named("Finding").orNull,
        "circuit": Schema.object(["open_since": .time, "next_probe_at": Schema.time.orNull]).orNull,
        "hold": Schema.object(["until": .time, "finding": Schema.named("Finding").orNull]).orNull,
    ]).described("The receiver's health; null when nothing is recorded.")

    private static let subscription = SubscriptionRule.all.reduce(Schema.body([:])) { schema, rule in
        schema.mayHave([rule.key: Schema.set(of: .item(of: rule), atMost: Int64(Subscription.mostItems)).orNull])
    }.described("What the channel is subscribed to; a part that is null or omitted means all.")

    private static func draft(_ kind: any ChannelKind, isReplacement: Bool) -> Schema {
        .body(
            [
                "kind": .constant(.string(kind.id)), "name": .visible(bytes: 200),
                "settings": .settings(of: kind.fields, isReplacement: isReplacement),
            ],
            optional: [
                "subscription": Schema.named("Subscription").orNull, "max_per_minute": rate.orNull, "enabled": .flag,
            ])
    }

    /// Each alternative has a name: generators of clients make a type of each, and none of two that they would call the same.
    private func choice(
        named word: String, of alternative: (any ChannelKind) -> Schema
    ) -> [(key: String, value: Schema)] {
        let all = kinds.kinds.map { kind in
            (
                kind: kind.id, name: Self.schemaName(of: kind.id) + word,
                schema: alternative(kind).described(kind.summary)
            )
        }
        let mapping = JSONObject(all.map { .init(key: $0.kind, value: .string(Schema.place(of: $0.name))) })
        let choice = Schema.one(of: all.map { .named($0.name) })
            .with("discriminator", ["propertyName": "kind", "mapping": .object(mapping)])
        return [(key: "Channel" + word, value: choice)] + all.map { (key: $0.name, value: $0.schema) }
    }

    /// `RocketChat` of `rocket-chat`: what generated clients call their types.
    static func schemaName(of kind: String) -> String {
        kind.pieces(between: "-").map { String($0).capitalizingFirst }.joined()
    }
}

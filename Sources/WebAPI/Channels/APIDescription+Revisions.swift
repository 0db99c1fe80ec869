import HTTPTypes
import Notifications

extension APIDescription {
    var revisions: Section {
        Section(
            tag: "Revisions and secrets", text: "Earlier versions of channels, and signing secrets.",
            operations: [
                Operation(
                    method: .get, path: "/v1/organizations/:organization/channels/:channel/revisions",
                    id: "listRevisions",
                    summary: "List the versions of a channel", access: .holder(of: .administer), query: Parameter.page,
                    answers: [.ok(.page(of: .named("Revision")))]),
                Operation(
                    method: .post,
                    path: "/v1/organizations/:organization/channels/:channel/revisions/:revision/restore",
                    id: "restoreRevision", summary: "Restore a revision, as a new version",
                    access: .holder(of: .administer), headers: [.ifMatch], body: .nothing,
                    answers: [.ok(.named("Channel"), headers: [.eTag])], refusals: [.conflict]),
                Operation(
                    method: .post, path: "/v1/organizations/:organization/channels/:channel/rotate-secret",
                    id: "rotateSecret", summary: "Rotate the signing secret; the old one stays valid for a while",
                    access: .holder(of: .administer), headers: [.ifMatch],
                    body: .optional(.body([:], optional: ["overlap_hours": Self.hours])),
                    answers: [.ok(.named("RotatedChannel"), headers: [.eTag])], refusals: [.conflict]),
            ],
            schemas: [
                "Revision": .object(["version": .ordinal, "actor": .text, "at": .time, "channel": .named("Channel")]),
                "RotatedChannel": channel.adding(["signing_secret": Self.signingSecret, "previous_until": .time]),
            ])
    }

    private static let hours = Schema(["type": "integer", "minimum": 0, "maximum": 168, "default": 24])
}

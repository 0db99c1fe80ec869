import ArgumentParser
import Notifications

extension Channels {
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a channel.",
            discussion: """
                Examples:
                  runbell channels add --url https://hooks.slack.com/services/…
                  runbell channels add --kind slack --name "Team" --url https://hooks.slack.com/services/…
                  runbell channels add --kind webhook --name CI --url https://ci.example.com/hook --events test.finished --try


                Without --kind, the kind is recognized from the URL, which may also be one of Apprise's.
                """)

        @OptionGroup var options: ChannelDraftOptions
        @Flag(name: .customLong("try"), help: "Send a test event first, and save only if it arrives.") var tries =
            false
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let options = try await options.recognized(by: api)
            let draft = try options.draft(on: .null, kinds: await api.get("/v1/channel-kinds").json)
            if tries {
                let report = try await api.send(.post, path + "/channels/test", body: draft, deadline: .seconds(45))
                guard TestReportText.isDelivered(report.json) else {
                    throw CommandFailure(
                        .failed, "not saved, because the test event did not arrive\n" + TestReportText.text(report.json)
                    )
                }
            }
            let answer = try await api.send(.post, path + "/channels", body: draft)
            organization.client.present(answer, as: Channels.text)
        }
    }

    struct Edit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change a channel; settings not given are kept.",
            discussion: """
                Examples:
                  runbell channels edit 0190f1c4-… --name "New name" --events test.finished --statuses 12 9
                  runbell channels edit 0190f1c4-… --disable-sending
                """)

        @OptionGroup var channel: ChannelArgument
        @OptionGroup var options: ChannelDraftOptions
        @OptionGroup var organization: OrganizationOptions

        func validate() throws {
            if options.isEmpty { throw ValidationError("Nothing to change; see runbell channels edit --help.") }
        }

        func run() async throws {
            let (api, path) = try organization.open()
            let channel = try await channel.id(api, path)
            let saved = try await api.get("\(path)/channels/\(Query.escape(channel))")
            let kinds = options.fields.isEmpty ? .null : try await api.get("/v1/channel-kinds").json
            let draft = try options.draft(on: Self.replacement(saved.json), kinds: kinds)
            let headers = saved.header("ETag").map { [HTTPMessage.Header("If-Match", $0)] } ?? []
            let answer = try await api.send(
                .put, "\(path)/channels/\(Query.escape(channel))", body: draft, headers: headers)
            organization.client.present(answer, as: Channels.text)
        }

        /// The draft that would leave a saved channel unchanged. Secrets are masked, as the API shows them.
        private static func replacement(_ channel: JSONValue) -> JSONValue {
            var draft = JSONObject()
            for key in ["kind", "name", "settings", "subscription", "max_per_minute"] { draft[key] = channel[key] }
            draft["enabled"] = .bool(Channels.isEnabled(channel))
            return .object(draft)
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a channel and cancel its queued deliveries.",
            discussion: "Example: runbell channels remove 0190f1c4-…")

        @OptionGroup var channel: ChannelArgument
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let channel = try await channel.id(api, path)
            _ = try await api.send(.delete, "\(path)/channels/\(Query.escape(channel))")
            if !organization.client.json { Console.say("Removed.") }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Restore an earlier revision of a channel.",
            discussion: "Example: runbell channels restore 0190f1c4-… 3")

        @OptionGroup var channel: ChannelArgument
        @Argument(help: "The revision's number.") var revision: Int64
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let channel = try await channel.id(api, path)
            let answer = try await api.send(
                .post, "\(path)/channels/\(Query.escape(channel))/revisions/\(revision)/restore")
            organization.client.present(answer, as: Channels.text)
        }
    }

    struct RotateSecret: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate-secret",
            abstract: "Rotate the signing secret; the new one is shown only once.",
            discussion: "Example: runbell channels rotate-secret 0190f1c4-… --overlap 24")

        @OptionGroup var channel: ChannelArgument
        @Option(help: "Keep the old secret valid for this many hours, 0 to 168 (default 24).") var overlap: Int64?
        @OptionGroup var organization: OrganizationOptions

        func validate() throws {
            if let overlap, !(0...168).contains(overlap) {
                throw ValidationError("--overlap must be a number of hours from 0 to 168.")
            }
        }

        func run() async throws {
            let (api, path) = try organization.open()
            let channel = try await channel.id(api, path)
            let body = overlap.map { hours -> JSONValue in ["overlap_hours": .integer(hours)] }
            let answer = try await api.send(
                .post, "\(path)/channels/\(Query.escape(channel))/rotate-secret", body: body)
            organization.client.present(answer) { rotated in
                var listing = Listing()
                listing.add("new secret", rotated["signing_secret"]?.cell)
                listing.add("old one valid until", rotated["previous_until"]?.moment)
                return listing.text
            }
        }
    }
}

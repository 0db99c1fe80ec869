import ArgumentParser
import Notifications

extension Channels {
    struct Move: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Replace a channel by one of another kind, with the same name and subscription.",
            discussion: """
                Examples:
                  runbell channels move 0190f1c4-… --url https://hooks.slack.com/services/…
                  runbell channels move 0190f1c4-… --kind ntfy --url https://ntfy.sh --set topic=load-tests

                Without --kind, the kind is recognized from the URL.
                """)

        @OptionGroup var channel: ChannelArgument
        @Option(help: "The new kind. Left out, it is recognized from the URL.") var kind: String?
        @Option(help: "The URL; short for --set url=URL.") var url: String?
        @Option(name: .customLong("set"), help: "A setting of the new kind, as KEY=VALUE; repeatable.")
        var fields: [String] = []
        @Option(name: .customLong("set-file"), help: "A setting from a file, as KEY=PATH; repeatable.")
        var files: [String] = []
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let channel = try await channel.id(api, path)
            var options = try ChannelDraftOptions.parse([])
            (options.kind, options.url, options.fields, options.files) = (kind, url, fields, files)
            options = try await options.recognized(by: api)
            let draft = try options.draft(on: .null, kinds: await api.get("/v1/channel-kinds").json)
            var body = JSONObject()
            for key in ["kind", "settings"] { body[key] = draft[key] }
            let answer = try await api.send(
                .post, "\(path)/channels/\(Query.escape(channel))/move", body: .object(body))
            organization.client.present(answer, as: Channels.text)
        }
    }
}

import ArgumentParser
import Notifications

extension Channels {
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pause a channel: its events are queued.",
            discussion: "Example: runbell channels pause 0190f1c4-…")

        @OptionGroup var channel: ChannelArgument
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let channel = try await channel.id(api, path)
            let answer = try await api.send(.post, "\(path)/channels/\(Query.escape(channel))/pause")
            organization.client.present(answer, as: Channels.text)
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Resume a channel: queued events are sent oldest first, a few per second.",
            discussion: """
                Examples:
                  runbell channels resume 0190f1c4-…
                  runbell channels resume 0190f1c4-… --skip-older-than 1h
                """)

        @OptionGroup var channel: ChannelArgument
        @Option(help: "Skip events received before this time, or longer ago: 1h.", transform: OptionValue.time)
        var skipOlderThan: String?
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let channel = try await channel.id(api, path)
            let body = skipOlderThan.map { limit -> JSONValue in ["skip_older_than": .string(limit)] }
            let answer = try await api.send(
                .post, "\(path)/channels/\(Query.escape(channel))/resume", body: body)
            organization.client.present(answer, as: Channels.text)
        }
    }
}

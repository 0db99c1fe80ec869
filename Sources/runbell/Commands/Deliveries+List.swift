import ArgumentParser
import Notifications

extension Deliveries {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List deliveries, newest first, or follow what becomes of them.",
            discussion: """
                Examples:
                  runbell deliveries list --organization 1 --state failed --since 1h
                  runbell deliveries list --channel Team --follow

                With --follow, the newest come last, and then a line for each new delivery and each change of one, as \
                long as it is among the newest 250. With --json, each is one line.
                """)

        @Option(
            help: "due, claimed, delivered, failed, skipped or cancelled.",
            transform: OptionValue.oneOf(DeliveryState.allCases.map(\.rawValue)))
        var state: String?
        @Option(help: "To this channel: its ID, the beginning of its ID, or its name.") var channel: String?
        @Option(help: "Of this event.") var event: String?
        @Flag(help: "Go on with changes until Ctrl-C.") var follow = false
        @OptionGroup var period: PeriodOptions
        @OptionGroup var organization: OrganizationOptions
        @OptionGroup var page: PageOptions

        func validate() throws {
            if follow, period.until != nil || page.cursor != nil {
                throw ValidationError("--follow goes on from the newest delivery: leave out --until and --cursor.")
            }
        }

        func run() async throws {
            let (api, path) = try organization.open()
            var filters = [Query("state", state), Query("event_id", event)] + period.query
            if let channel { filters.append(Query("channel_id", try await api.channel(channel, in: path))) }
            guard !follow else { return try await follow(api, path, filters) }
            let answer = try await api.get(path + "/deliveries", query: filters + page.query)
            let row = try await row(api, path)
            organization.client.present(list: answer, Self.headings, row: row)
        }

        private func follow(_ api: APIClient, _ path: String, _ filters: [Query]) async throws {
            var changes = DeliveryChanges(shownAtFirst: page.limit ?? 50)
            let row = try await row(api, path)
            var shown = FollowedList(json: organization.client.json, headings: Self.headings, row: row)
            var connection = LostConnection()
            while true {
                let answer = try await connection.surviving { () async throws(CommandFailure) in
                    try await api.get(path + "/deliveries", query: filters + [Query("limit", "250")])
                }
                if let list = answer?.json["data"]?.array { shown.show(changes.news(in: list)) }
                try? await Task.sleep(for: .seconds(1))
            }
        }

        private static let headings = Table("ID", "EVENT", "CHANNEL", "STATE", "REASON", "ATTEMPTS", "DUE")

        /// Channels are called by their names, which programs do not need.
        private func row(
            _ api: APIClient, _ path: String
        ) async throws(CommandFailure) -> (JSONValue, inout Table) -> Void {
            let names = organization.client.json ? ChannelNames([]) : try await api.channelNames(in: path)
            return { delivery, table in
                table.add(
                    delivery["id"]?.cell, delivery["event_id"]?.cell, names[delivery["channel_id"]],
                    delivery["state"]?.cell, delivery["reason"]?.cell, delivery["attempt_count"]?.cell,
                    delivery["due_at"]?.moment)
            }
        }
    }
}

import ArgumentParser
import Notifications

extension Events {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List an organization's events, newest first, or follow them.",
            discussion: """
                Examples:
                  runbell events list --organization 1 --run 42
                  runbell events list --since 1h --statuses failed
                  runbell events list --follow

                With --follow, the newest come last, and then each event as it is received. With --json, each is one \
                line.
                """)

        @Option(help: "This event type.", transform: OptionValue.oneOf(EventType.allCases.map(\.rawValue)))
        var type: String?
        @Option(name: .customLong("run"), help: "This run.") var runNumber: Int64?
        @Option(
            parsing: .upToNextOption,
            help: "These statuses: codes, words such as failed-threshold, or failed for all bad ends.",
            transform: StatusWord.several)
        var statuses: [[TestStatus]] = []
        @Option(help: "Runs of this project.") var project: Int64?
        @Option(help: "Load tests whose name contains these words.") var name: String?
        @Flag(help: "Go on with new events until Ctrl-C.") var follow = false
        @OptionGroup var period: PeriodOptions
        @OptionGroup var organization: OrganizationOptions
        @OptionGroup var page: PageOptions

        func validate() throws {
            if follow, period.until != nil || page.cursor != nil {
                throw ValidationError("--follow goes on from the newest event: leave out --until and --cursor.")
            }
        }

        func run() async throws {
            let (api, path) = try organization.open()
            guard follow else {
                let answer = try await list(api, path)
                return organization.client.present(list: answer, Self.headings, row: Self.row)
            }
            // In this order: what is received meanwhile is in the list, or follows.
            var feed = try await EventFeed(api, path)
            let start = feed.last
            let listed = try await list(api, path).json["data"]?.array ?? []
            var shown = FollowedList(json: organization.client.json, headings: Self.headings, row: Self.row)
            shown.show(listed.reversed().filter { ($0["sequence"]?.integer ?? 0) <= start })
            while true { shown.show(try await feed.next().filter(filter.wants)) }
        }

        private func list(_ api: APIClient, _ path: String) async throws(CommandFailure) -> APIAnswer {
            let codes = filter.statuses.map { String($0) }.joined(separator: ",")
            let filters = [
                Query("type", type), Query("load_test_run_id", runNumber.map { String($0) }),
                Query("statuses", codes.isEmpty ? nil : codes), Query("project_id", project.map { String($0) }),
                Query("name", name),
            ]
            return try await api.get(path + "/events", query: filters + period.query + page.query)
        }

        private var filter: FollowedEvents {
            FollowedEvents(
                type: type, run: runNumber, statuses: Array(statuses.joined().map(\.code)), project: project, name: name
            )
        }

        private static let headings = Table("ID", "NUMBER", "RECEIVED", "EVENT", "RUN", "STATUS", "NAME")

        private static func row(_ event: JSONValue, _ table: inout Table) {
            let content = event["content"] ?? .null
            table.add(
                event["id"]?.cell, event["sequence"]?.cell, event["received_at"]?.moment, content["event"]?.cell,
                content["load_test_run_id"]?.cell, content["status_text"]?.cell, content["name"]?.cell)
        }
    }
}

import ArgumentParser
import Notifications

extension Channels {
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a test event to a saved channel or to an unsaved draft.",
            discussion: """
                Examples:
                  runbell channels test Team
                  runbell channels test 0190f1c4-… --wait 60s
                  runbell channels test --kind slack --name Draft --url https://hooks.slack.com/services/…

                Exit code 1 means that it did not arrive.
                """)

        @Argument(help: "The channel: its ID, the beginning of its ID, or its name; omit it to test a draft.")
        var channel: String?
        @Option(
            help: "Try again for this long, such as 60s, if the receiver only seems to be unavailable.",
            transform: OptionValue.duration)
        var wait: Duration?
        @OptionGroup var options: ChannelDraftOptions
        @OptionGroup var organization: OrganizationOptions

        func validate() throws {
            if channel == nil, options.isEmpty {
                throw ValidationError("No channel given; pass its ID, or --kind and --url of a draft.")
            }
        }

        func run() async throws {
            let (api, path) = try organization.open()
            let (place, draft) = try await target(api, path)
            let patience = TestPatience(for: wait ?? .zero)
            let answer = try await patience.test {
                () async throws(CommandFailure) in
                try await api.send(.post, place, body: draft, deadline: .seconds(45))
            }
            organization.client.present(answer, as: TestReportText.text)
            if !TestReportText.isDelivered(answer.json) { throw ExitCode(CommandExit.failed.rawValue) }
        }

        /// Where to post, and what: nothing for a saved channel.
        private func target(_ api: APIClient, _ path: String) async throws -> (place: String, draft: JSONValue?) {
            if let channel {
                return ("\(path)/channels/\(Query.escape(try await api.channel(channel, in: path)))/test", nil)
            }
            let options = try await options.recognized(by: api)
            let draft = try options.draft(on: .null, kinds: await api.get("/v1/channel-kinds").json)
            return (path + "/channels/test", draft)
        }
    }

    struct Tests: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what came of a channel's newest tests.",
            discussion: "Example: runbell channels tests 0190f1c4-…")

        @OptionGroup var channel: ChannelArgument
        @OptionGroup var organization: OrganizationOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let channel = try await channel.id(api, path)
            let answer = try await api.get("\(path)/channels/\(Query.escape(channel))/tests", query: page.query)
            let headings = Table("ID", "WHEN", "BY", "VERDICT", "STATUS", "DURATION", "TESTED", "FINDING")
            organization.client.present(list: answer, headings) { test, table in
                table.add(
                    test["id"]?.cell, test["at"]?.moment, test["actor"]?.cell, test["verdict"]?.cell,
                    test["status"]?.cell, test["duration_ms"]?.cell.map { "\($0) ms" },
                    test["as_saved"]?.bool == true ? "as saved" : "unsaved changes", test["finding"]?["text"]?.cell)
            }
        }
    }

    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the request that an event would send, without sending it.",
            discussion: """
                Examples:
                  runbell channels preview 0190f1c4-… --status failed-threshold --test-name "Checkout"
                  runbell channels preview --kind webhook --name Draft --url https://ci.example.com/ --event test.started
                """)

        @Argument(help: "The channel: its ID, the beginning of its ID, or its name; omit it for a draft.")
        var channel: String?
        @Option(help: "The event's type.") var event = "test.finished"
        @Option(
            help: "The run's status: a code, or a word such as failed-threshold.",
            transform: StatusWord.one)
        var status: TestStatus?
        @Option(help: "The load test's name.") var testName = "Load test"
        @Option(help: "A JSON file with the event (- for standard input).") var eventFile: String?
        @OptionGroup var options: ChannelDraftOptions
        @OptionGroup var organization: OrganizationOptions

        func validate() throws {
            if channel == nil, options.isEmpty {
                throw ValidationError("No channel given; pass its ID, or --kind and --url of a draft.")
            }
        }

        func run() async throws {
            let (api, path) = try organization.open()
            let number = path.split(separator: "/").last.flatMap { Int64($0) } ?? 1
            let content =
                try eventFile.map { path throws(CommandFailure) in try InputFile.json(path) } ?? sample(number)
            let target: JSONValue
            if let channel {
                target = .string(try await api.channel(channel, in: path))
            } else {
                target = try options.draft(on: .null, kinds: await api.get("/v1/channel-kinds").json)
            }
            let answer = try await api.send(
                .post, path + "/channels/preview", body: ["channel": target, "event": content])
            organization.client.present(answer) { TestReportText.request($0) }
        }

        private func sample(_ organization: Int64) -> JSONValue {
            guard event != EventType.messagePosted.rawValue else {
                return [
                    "event": .string(event), "organization_id": .integer(organization), "room": "CI", "notify": false,
                    "message": "Build 12 passed.",
                ]
            }
            guard event != EventType.testNotificationChannel.rawValue else { return ["event": .string(event)] }
            let code = (status ?? (event == EventType.testStarted.rawValue ? .running : .finished)).code
            return [
                "status": .integer(code), "user_id": 1, "name": .string(testName),
                "organization_id": .integer(organization),
                "load_test_id": 1, "load_test_run_id": 1, "project_id": 1, "event": .string(event),
            ]
        }
    }
}

/// Formats the result of a test hook.
enum TestReportText {
    static func isDelivered(_ report: JSONValue) -> Bool {
        report["verdict"]?.string == "delivered"
    }

    static func text(_ report: JSONValue) -> String {
        var parts = [report["text"]?.string ?? report["verdict"]?.cell ?? ""].map(\.printable)
        parts.append("Sent:\n" + indented(request(report["request"] ?? .null)))
        if let answer = report["response"], answer != .null {
            parts.append("Answered:\n" + indented(Self.answer(answer)))
        }
        if let timings = report["timings_ms"]?.object {
            let times = timings.members.compactMap { member in member.value.cell.map { "\(member.key) \($0) ms" } }
            parts.append("Timings: " + times.joined(separator: ", "))
        }
        return parts.joined(separator: "\n\n")
    }

    /// Everything except headers and body, on one line: `POST https://…` for a request.
    static func request(_ request: JSONValue) -> String {
        let envelope = (request.object?.members ?? []).filter { $0.key != "headers" && $0.key != "body" }
        let line = envelope.compactMap(\.value.cell).joined(separator: " ").printable
        return ([line] + headers(request) + ["", (request["body"]?.cell ?? "").printableLines]).joined(separator: "\n")
    }

    private static func answer(_ answer: JSONValue) -> String {
        let body = (answer["body"]?.cell ?? "").printableLines
        return (["Status \(answer["status"]?.cell ?? "?")"] + headers(answer) + (body.isEmpty ? [] : ["", body]))
            .joined(separator: "\n")
    }

    private static func headers(_ holder: JSONValue) -> [String] {
        (holder["headers"]?.array ?? []).map { "\($0["name"]?.cell ?? ""): \($0["value"]?.cell ?? "")".printableLines }
    }

    private static func indented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }.joined(separator: "\n")
    }
}

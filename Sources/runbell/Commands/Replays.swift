import ArgumentParser
import Notifications

struct Replays: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay events that a channel missed.",
        discussion: """
            Example:
              runbell replays start --channel 0190f1c4-… --since 2026-11-23T00:00:00Z --states failed skipped --dry-run
            """,
        subcommands: [Start.self, List.self, Show.self, Pause.self, Resume.self, Cancel.self])

    struct Start: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start a replay, or preview it with --dry-run.",
            discussion: """
                Examples:
                  runbell replays start --channel 0190f1c4-… --since 2026-11-23T00:00:00Z --states failed --dry-run
                  runbell replays start --channel 0190f1c4-… --since 2026-11-23T00:00:00Z --states missing --per-minute 60

                missing means events from before the channel was created.
                """)

        @Option(help: "The channel: its ID, the beginning of its ID, or its name.") var channel: String
        @Option(
            help: "Events received at or after this time: 2026-11-23T10:00:00Z, or how long ago, such as 1h.",
            transform: OptionValue.time)
        var since: String
        @Option(help: "Events received before this time (default: now).", transform: OptionValue.time)
        var until: String?
        @Option(
            parsing: .upToNextOption, help: "One or more of failed, cancelled, skipped, delivered, missing.",
            transform: OptionValue.oneOf(["failed", "cancelled", "skipped", "delivered", "missing"]))
        var states: [String]
        @Option(help: "Deliveries per minute, 1 to 6000 (default 300).") var perMinute: Int64?
        @Flag(help: "Preview only; send nothing.") var dryRun = false
        @Flag(help: "Wait until it has queued everything, and show its progress on a terminal.") var wait = false
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            var body = JSONObject()
            body["channel_id"] = .string(try await api.channel(channel, in: path))
            body["since"] = .string(since)
            body["until"] = until.map(JSONValue.string)
            body["states"] = .array(states.map(JSONValue.string))
            body["per_minute"] = perMinute.map(JSONValue.integer)
            body["dry_run"] = .bool(dryRun)
            let draft = JSONValue.object(body)
            let started = try await withProgress("Counting") { () async throws(CommandFailure) in
                try await api.send(.post, path + "/replays", body: draft, deadline: .seconds(120))
            }
            guard wait, !dryRun, let id = started.json["id"]?.string else {
                return organization.client.present(started, as: dryRun ? Replays.plan : Replays.text)
            }
            organization.client.present(try await Replays.end(of: id, api, path), as: Replays.text)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List replays, newest first.", discussion: "Example: runbell replays list --organization 1")

        @OptionGroup var organization: OrganizationOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer = try await api.get(path + "/replays", query: page.query)
            let headings = Table("ID", "CHANNEL", "STARTED", "BY", "STATE", "STATES", "TOTAL", "TAKEN", "SKIPPED")
            let names = organization.client.json ? ChannelNames([]) : try await api.channelNames(in: path)
            organization.client.present(list: answer, headings) { replay, table in
                table.add(
                    replay["id"]?.cell, names[replay["channel_id"]], replay["started_at"]?.moment,
                    replay["actor"]?.cell, replay["state"]?.cell, replay["states"]?.cell, replay["total"]?.cell,
                    replay["requeued"]?.cell, replay["skipped"]?.cell)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a replay's progress and the states of its deliveries.",
            discussion: "Example: runbell replays show 0190f1c4-…")

        @Argument(help: "The replay's ID.") var replay: String
        @Flag(help: "Wait until it has queued everything, and show its progress on a terminal.") var wait = false
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer =
                wait
                ? try await Replays.end(of: replay, api, path)
                : try await api.get("\(path)/replays/\(Query.escape(replay))")
            organization.client.present(answer, as: Replays.text)
        }
    }
}

extension Replays {
    struct Pause: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Pause a replay: queue nothing more until it is resumed.",
            discussion: "Example: runbell replays pause 0190f1c4-…")

        @Argument(help: "The replay's ID.") var replay: String
        @OptionGroup var organization: OrganizationOptions

        func run() async throws { try await Replays.steer(replay, "pause", organization) }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Resume a paused replay.", discussion: "Example: runbell replays resume 0190f1c4-…")

        @Argument(help: "The replay's ID.") var replay: String
        @OptionGroup var organization: OrganizationOptions

        func run() async throws { try await Replays.steer(replay, "resume", organization) }
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cancel a replay; what is already queued stays queued.",
            discussion: "Example: runbell replays cancel 0190f1c4-…")

        @Argument(help: "The replay's ID.") var replay: String
        @OptionGroup var organization: OrganizationOptions

        func run() async throws { try await Replays.steer(replay, "cancel", organization) }
    }

    private static func steer(_ replay: String, _ step: String, _ organization: OrganizationOptions) async throws {
        let (api, path) = try organization.open()
        let answer = try await api.send(.post, "\(path)/replays/\(Query.escape(replay))/\(step)")
        organization.client.present(answer, as: text)
    }

    /// The replay as soon as it is no longer running. An outage of the service is survived.
    fileprivate static func end(
        of replay: String, _ api: APIClient, _ path: String
    ) async throws(CommandFailure) -> APIAnswer {
        defer { Console.progress("") }
        var connection = LostConnection()
        while true {
            let answer = try await connection.surviving { () async throws(CommandFailure) in
                try await api.get("\(path)/replays/\(Query.escape(replay))")
            }
            if let answer {
                guard answer.json["state"]?.string?.sameBytes(as: "running") == true else { return answer }
                Console.progress(progress(answer.json))
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// `Replaying: 120 of 300 deliveries (40%)`
    static func progress(_ replay: JSONValue) -> String {
        let (done, total) = (replay["requeued"]?.integer ?? 0, replay["total"]?.integer ?? 0)
        let part = total > 0 ? " (\(min(done, total) * 100 / total)%)" : ""
        return "Replaying: \(done) of \(total) deliveries\(part)"
    }

    private static func text(_ replay: JSONValue) -> String {
        var listing = Listing()
        for member in replay.object?.members ?? [] where member.value.object == nil {
            let isMoment = member.key.hasSuffix("_at") || member.key == "since" || member.key == "until"
            listing.add(member.key, isMoment ? member.value.moment : member.value.cell)
        }
        for member in replay["deliveries"]?.object?.members ?? [] { listing.add(member.key, member.value.cell) }
        return listing.text
    }

    private static func plan(_ plan: JSONValue) -> String {
        var listing = Listing()
        listing.add("would send", plan["count"]?.cell)
        for member in plan["states"]?.object?.members ?? [] where member.value != 0 {
            listing.add("  \(member.key)", member.value.cell)
        }
        listing.add("oldest event", plan["oldest"]?.moment)
        listing.add("newest event", plan["newest"]?.moment)
        listing.add("a minute", plan["per_minute"]?.cell)
        listing.add("takes about", plan["expected_seconds"]?.cell.map { "\($0) s" })
        return listing.text
    }
}

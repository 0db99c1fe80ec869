import ArgumentParser
import Notifications
import Testing

@testable import runbell

@Suite("The commands")
struct CommandsTests {
    private struct Command {
        let path: [String]
        let configuration: CommandConfiguration
    }

    /// Every visible command, with the words that invoke it.
    private static func all(in configuration: CommandConfiguration = Runbell.configuration, path: [String] = [])
        -> [Command]
    {
        var found: [Command] = []
        for type in configuration.subcommands {
            let inner = type.configuration
            guard inner.shouldDisplay else { continue }
            let path = path + [inner.commandName ?? "\(type)".lowercased()]
            found.append(Command(path: path, configuration: inner))
            found += all(in: inner, path: path)
        }
        return found
    }

    @Test("Every command has an example of itself in its help")
    func examples() {
        #expect(Self.all().count > 30)
        for command in Self.all() {
            let help = command.configuration.discussion
            #expect(help.contains("Example") && help.contains("runbell \(command.path[0])"), "\(command.path)")
        }
    }

    @Test("No two options of a command have one name")
    func parses() throws {
        for command in Self.all() {
            // The parser checks a command's definition before its arguments, and exits if the definition is wrong.
            #expect(throws: (any Error).self) { try Runbell.parseAsRoot(command.path + ["--no-such-option"]) }
        }
    }

    @Test("Settings of a channel are typed by their kind's fields")
    func fields() throws {
        let kinds = ChannelKindList([
            "data": [
                ["id": "hipchat", "fields": [["key": "notify", "type": "boolean"], ["key": "room", "type": "text"]]]
            ]
        ])
        #expect(kinds.value("true", of: "notify", kind: "hipchat") == true)
        #expect(kinds.value("true", of: "room", kind: "hipchat") == "true")
        #expect(kinds.value("perhaps", of: "notify", kind: "hipchat") == "perhaps")
    }

    @Test("A preview is shown for any transport")
    func requests() {
        let headers: JSONValue = [["name": "Subject", "value": "Load test started"]]
        let letter: JSONValue = [
            "from": "a@example.org", "to": "b@example.org", "headers": headers, "body": "It runs.",
        ]
        #expect(
            TestReportText.request(letter) == "a@example.org b@example.org\nSubject: Load test started\n\nIt runs.")
        let request: JSONValue = ["method": "POST", "url": "https://a.example/…", "headers": [], "body": "{}"]
        let mail: JSONValue = [
            "to": "a@example.org", "headers": [["name": "To", "value": "a@example.org,\r\n b@example.org"]],
            "body": "It runs.\r\nStop:\n\rhere\u{1B}[2J",
        ]
        #expect(
            TestReportText.request(mail) == "a@example.org\nTo: a@example.org,\n b@example.org\n\n"
                + "It runs.\nStop:\n\u{FFFD}here\u{FFFD}[2J")
        #expect(TestReportText.request(request) == "POST https://a.example/…\n\n{}")
    }

    @Test("An edit changes what it names and leaves the rest")
    func edits() throws {
        let options = try ChannelDraftOptions.parse([
            "--name", "New", "--statuses", "12", "9", "--disable-sending", "--set", "a=b=c",
        ])
        let draft = try options.draft(
            on: [
                "kind": "slack", "name": "Old", "settings": ["url": "https://x"],
                "subscription": ["events": ["test.finished"]], "enabled": true,
            ],
            kinds: .null)
        #expect(draft["kind"] == "slack" && draft["name"] == "New" && draft["enabled"] == false)
        #expect(draft["settings"]?["url"] == "https://x" && draft["settings"]?["a"] == "b=c")
        #expect(draft["subscription"]?["events"] == ["test.finished"] && draft["subscription"]?["statuses"] == [12, 9])
    }

    @Test("A channel that fails, is disabled, or waits for its recipients says why")
    func conditions() {
        let health: JSONValue = [
            "failing_since": "2026-11-23T10:12:30Z", "finding": ["code": "x", "text": "It is not ok."],
        ]
        let failing: JSONValue = ["state": "enabled", "disabled_reason": nil, "pending": nil, "health": health]
        #expect(Channels.state(failing) == "failing")
        #expect(Channels.reason(failing)?.hasSuffix(": It is not ok.") == true)
        let disabled: JSONValue = ["state": "disabled", "disabled_reason": "It is gone.", "health": health]
        #expect(Channels.state(disabled) == "disabled" && Channels.reason(disabled) == "It is gone.")
        let waiting: JSONValue = ["state": "enabled", "pending": "Confirm.", "health": nil]
        #expect(Channels.state(waiting) == "enabled" && Channels.reason(waiting) == "Confirm.")
        #expect(Channels.reason(["state": "enabled", "pending": nil, "health": nil]) == nil)
    }

    @Test("What a channel wants is shown in words")
    func wants() {
        #expect(Channels.wants(.null) == "all events")
        let some: JSONValue = ["events": ["test.finished"], "statuses": [4, 12], "project_ids": [1, 2]]
        #expect(
            Channels.wants(some).split(separator: "; ") == [
                "finished", "ends in Timed out, Failed threshold", "projects 1, 2",
            ])
    }

    @Test("Lists of items may have commas, and statuses words")
    func lists() throws {
        let options = try ChannelDraftOptions.parse([
            "--projects", "1,2", "3", "--events", "test.started,test.finished", "--statuses", "9,failed-threshold",
        ])
        let subscription = try options.draft(on: .null, kinds: .null)["subscription"]
        #expect(subscription?["project_ids"] == [1, 2, 3])
        #expect(subscription?["events"] == ["test.started", "test.finished"])
        #expect(subscription?["statuses"] == [9, 12])
        #expect(throws: (any Error).self) { try ChannelDraftOptions.parse(["--projects", "1,x"]) }
        _ = try Channels.Preview.parse(["Team", "--status", "failed-threshold"])
        #expect(throws: (any Error).self) { try Channels.RotateSecret.parse(["Team", "--overlap", "169"]) }
    }
}

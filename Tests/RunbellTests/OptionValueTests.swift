import ArgumentParser
import Notifications
import Testing

@testable import runbell

@Suite("Values of options")
struct OptionValueTests {
    private func message(_ arguments: [String]) -> String {
        do {
            _ = try Runbell.parseAsRoot(arguments)
            return ""
        } catch {
            return Runbell.message(for: error)
        }
    }

    @Test("A time is given as such, or as how long ago")
    func times() throws {
        #expect(try OptionValue.time("2026-11-23T10:00:00+01:00") == "2026-11-23T10:00:00+01:00")
        for (typed, seconds) in [("90s", 90), ("10m", 600), ("1h", 3600), ("2d", 172_800)] as [(String, Int64)] {
            let time = try #require(Timestamp(rfc3339: try OptionValue.time(typed)))
            let ago = Clock.now - time
            #expect(ago >= .seconds(seconds) && ago < .seconds(seconds + 60), "\(typed)")
        }
    }

    @Test("What is no time is refused by its option", arguments: ["yesterday", "1", "2026-11-23", "h", ""])
    func noTimes(typed: String) {
        let text = message(["events", "list", "--since", typed])
        #expect(text.contains("--since") && text.contains("how long ago"), "\(text)")
    }

    @Test(
        "Wrong words are refused by their option, with the nearest",
        arguments: [
            (["deliveries", "list", "--state", "faild"], "--state", "failed"),
            (["events", "list", "--type", "test.finish"], "--type", "test.finished"),
            (["events", "list", "--statuses", "12", "failed-treshold"], "--statuses", "failed-threshold"),
            (["trigger", "--status", "time-out"], "--status", "timed-out"),
            (["listen", "--format", "cloudevent"], "--format", "cloudevents"),
            (["replays", "start", "--channel", "a", "--since", "1h", "--states", "skiped"], "--states", "skipped"),
        ])
    func words(arguments: [String], option: String, word: String) {
        let text = message(arguments)
        #expect(text.contains(option) && text.contains("Did you mean \(word)?"), "\(text)")
    }

    @Test(
        "Statuses are codes, words, or all bad ends",
        arguments: [
            ("12", [12]), ("-1", [-1]), ("failed-threshold", [12]), ("9,timed-out", [9, 4]),
            ("failed", [4, 6, 8, 9, 11, 12]),
        ] as [(String, [Int64])])
    func statuses(typed: String, codes: [Int64]) throws {
        #expect(try StatusWord.several(typed).map(\.code) == codes)
    }

    @Test("What is no status is refused", arguments: ["13", "", "fail", "9,", "Finished"])
    func noStatuses(typed: String) {
        #expect(throws: ValidationError.self) { try StatusWord.several(typed) }
    }

    @Test("Wrong kinds and settings name their option and the nearest word")
    func kinds() throws {
        let slack: JSONValue = ["id": "slack", "fields": [["key": "url", "type": "url"]]]
        let kinds: JSONValue = ["data": [slack, ["id": "zulip"]]]
        for (arguments, text) in [
            (["--kind", "slak"], "--kind must be one of slack, zulip, not slak. Did you mean slack?"),
            (["--kind", "slack", "--set", "ur=x"], "--set ur: slack has the settings url. Did you mean url?"),
        ] {
            let options = try ChannelDraftOptions.parse(arguments)
            let failure = try #require(throws: CommandFailure.self) { try options.draft(on: .null, kinds: kinds) }
            #expect(failure == CommandFailure(.usage, text))
        }
    }
}

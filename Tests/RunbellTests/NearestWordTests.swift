import Notifications
import Testing

@testable import runbell

@Suite("What somebody may have meant to type")
struct NearestWordTests {
    private static let states = DeliveryState.allCases.map(\.rawValue)

    @Test(
        "Mistyped words are recognized, and others are not",
        arguments: [
            ("faild", "failed"), ("dleivered", "delivered"), ("FAILED", "failed"), ("skip", "skipped"), ("deu", "due"),
            ("claim", "claimed"), ("sent", nil), ("", nil), ("d", nil), ("open", nil),
            (String(repeating: "a", count: 10_000), nil),
        ])
    func words(typed: String, word: String?) {
        #expect(NearestWord.find(typed, among: Self.states) == word)
    }

    @Test("A hint is a sentence, or nothing")
    func hints() {
        #expect(NearestWord.hint("faild", among: Self.states) == " Did you mean failed?")
        #expect(NearestWord.hint("sent", among: Self.states) == "")
    }

    @Test(
        "Unknown commands are named, with the nearest and where to look",
        arguments: [
            (["chanels", "list"], "channels", "runbell help lists"),
            (["events", "lst"], "list", "runbell help events"),
            (["help", "deliverys"], "deliveries", "runbell help lists"),
            (["help", "channels", "tst", "x"], "test", "runbell help channels"),
        ])
    func commands(arguments: [String], word: String, place: String) throws {
        let failure = try #require(HelpRequest.failure(in: arguments, of: Runbell.self))
        #expect(failure.exit == .usage && failure.text.contains("Did you mean \(word)?"), "\(failure.text)")
        #expect(failure.text.contains(place))
    }

    @Test(
        "Commands are let through, with whatever follows them",
        arguments: [
            [], ["help"], ["--version"], ["channels"], ["channels", "show", "nosuch"], ["help", "channels", "list"],
            ["watch", "--", "nosuch"], ["channels", "--help"], ["events", "help"], ["demo-load"],
        ])
    func known(arguments: [String]) {
        #expect(HelpRequest.failure(in: arguments, of: Runbell.self) == nil)
    }

    @Test("A refused value is shown with its option, if it came from one")
    func options() {
        let problem: JSONValue = [
            "errors": [
                ["field": "limit", "message": "L."], ["field": "load_test_run_id", "message": "R."],
                ["field": "settings.room", "message": "S."], ["field": "subscription.project_ids", "message": "P."],
                ["field": "name", "message": "N."],
            ]
        ]
        let failure = CommandFailure(
            .refused,
            "Bad.\n  limit: L.\n  load_test_run_id: R.\n  settings.room: S.\n  subscription.project_ids: P.\n"
                + "  name: N.",
            problem: problem)
        let arguments = ["events", "list", "--limit", "0", "--run=x", "--set", "room=1", "--projects", "2"]
        #expect(
            failure.naming(optionsAmong: arguments).text == """
                Bad.
                  --limit (limit): L.
                  --run (load_test_run_id): R.
                  --set room (settings.room): S.
                  --projects (subscription.project_ids): P.
                  name: N.
                """)
        #expect(failure.naming(optionsAmong: []).text == failure.text)
    }
}

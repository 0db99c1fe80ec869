import Notifications
import Testing

@testable import runbell

@Suite("The client of the API")
struct APIClientTests {
    private func failure(_ result: ExchangeResult) async throws -> CommandFailure {
        let client = APIClient(url: "http://127.0.0.1:1/", key: nil, transport: ScriptedTransport([result]))
        return try await #require(throws: CommandFailure.self) { try await client.get("/v1/channel-kinds") }
    }

    @Test(
        "Exit codes tell a refusal from an outage",
        arguments: [
            (ExchangeResult.answer(400), CommandExit.refused), (.answer(401), .refused), (.answer(403), .refused),
            (.answer(404), .refused), (.answer(500), .unavailable), (.answer(503), .unavailable),
            (.answer(302), .unavailable),
            (.failed(.disconnected), .unavailable), (.failed(.timedOut(.waiting)), .unavailable),
        ])
    func exits(result: ExchangeResult, exit: CommandExit) async throws {
        #expect(try await failure(result).exit == exit)
    }

    @Test("A refusal is shown with every error at its field")
    func problems() async throws {
        let text = try await failure(
            .answer(
                400,
                #"{"type":"/problems/invalid_input","title":"Bad Request","detail":"Two.","errors":[{"field":"name","message":"M\u001b."},"#
                    + #"{"field":"kind","message":"K."}]}"#
            )
        ).text
        #expect(text == "Bad Request (400)\n  name: M\u{FFFD}.\n  kind: K.")
    }

    @Test("Of other refusals, the detail is shown; and who does not answer is the service")
    func details() async throws {
        let conflict = #"{"title":"Conflict","detail":"It is paused.","errors":[]}"#
        #expect(try await failure(.answer(409, conflict)).text == "Conflict (409): It is paused.")
        let away = try await failure(.failed(.connecting("The receiver refused the connection."))).text
        #expect(away.contains("is unreachable") && away.contains("The service refused the connection."))
        #expect(!away.contains("receiver"))
    }

    @Test("The key goes into its header, the body as JSON")
    func requests() async throws {
        let transport = ScriptedTransport([.answer(200, #"{"id": 1}"#)])
        let client = APIClient(url: "https://bell.example/", key: Secret("rb_key"), transport: transport)
        let answer = try await client.send(.put, "/v1/organizations/1", query: [Query("a", "b")], body: ["name": "x"])
        let request = try #require(transport.requests.first)
        #expect(request.url == "https://bell.example/v1/organizations/1?a=b")
        #expect(request.header("Authorization") == "Bearer rb_key")
        #expect(request.header("Content-Type") == "application/json")
        #expect(request.body == Array(#"{"name":"x"}"#.utf8))
        #expect(answer.json["id"] == 1)
    }
}

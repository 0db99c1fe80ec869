import Notifications
import Testing

@testable import runbell

@Suite("How a channel is named on the command line")
struct ChannelReferenceTests {
    private static let ids = [
        "0197a3c0-7d5e-7c3a-9d9e-2f0c5c0f5a11", "0197a3c0-8000-7c3a-9d9e-2f0c5c0f5a12",
        "0200a3c0-0000-7000-8000-000000000001",
    ]
    private static let channels: [JSONValue] = zip(ids, ["Team", "team", "0197a3c0-8"]).map { id, name in
        ["id": .string(id), "name": .string(name)]
    }

    @Test(
        "Its exact name goes before the beginning of its ID, and that before another spelling",
        arguments: [
            ("Team", 0), ("team", 1), ("0197a3c0-7", 0), ("0197A3C0-7D", 0), ("0197a3c0-8", 2), ("0200", 2),
            ("0197a3c0-80", 1),
        ])
    func finds(typed: String, index: Int) throws {
        #expect(try ChannelReference(Self.channels).id(typed) == Self.ids[index])
    }

    @Test("Several are listed, and none is chosen")
    func several() throws {
        for typed in ["0197", "TEAM"] {
            let failure = try #require(throws: CommandFailure.self) { try ChannelReference(Self.channels).id(typed) }
            #expect(failure.exit == .usage)
            #expect(failure.text.contains(Self.ids[0]) && failure.text.contains(Self.ids[1]))
        }
    }

    @Test(
        "An unknown one is not found, with the nearest name",
        arguments: [("Tema", "Team"), ("x", nil), ("020", nil)])
    func none(typed: String, near: String?) throws {
        let failure = try #require(throws: CommandFailure.self) { try ChannelReference(Self.channels).id(typed) }
        #expect(failure.exit == .refused && failure.text.contains(typed))
        #expect(failure.text.contains("Did you mean") == (near != nil))
        if let near { #expect(failure.text.contains("Did you mean \(near)?")) }
    }

    @Test("A whole ID is taken as it is, and names are looked for on all pages")
    func pages() async throws {
        let silent = ScriptedTransport([])
        let client = APIClient(url: "http://a", key: nil, transport: silent)
        #expect(try await client.channel(Self.ids[0], in: "/v1/organizations/1") == Self.ids[0])
        #expect(silent.requests.isEmpty)
        let paged = ScriptedTransport([
            .answer(200, #"{"data": [], "next_cursor": "ab"}"#),
            .answer(200, #"{"data": [{"id": "\#(Self.ids[0])", "name": "CI"}], "next_cursor": null}"#),
        ])
        let other = APIClient(url: "http://a", key: nil, transport: paged)
        #expect(try await other.channel("CI", in: "/v1/organizations/1") == Self.ids[0])
        #expect(paged.requests.map(\.url).last == "http://a/v1/organizations/1/channels?limit=250&cursor=ab")
    }
}

import HTTPTypes
import Notifications
import Testing

@testable import WebPages

/// Forms that were filled in before their session ended.
@Suite struct EarlierSessionTests {
    private let earlier = String(repeating: "0", count: 64)

    @Test func aTypedFormComesBackAsTypedAndChangesNothing() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let channel = try await webHook(caller, service.owner)
            let hook = "kind=webhook&origin=page&name=As+typed&settings.url=https://example.com/as-typed"
            let forms = [
                "settings": "name=As+typed&retention=90&audit_retention=400&run_link_template=&seen=1",
                "members": "user=77&name=As+typed&role=admin", "keys": "name=As+typed&holder=service",
                "replays": "since=As+typed&states=failed&channel=", "channels": hook, "channels/test": hook,
                "channels/\(channel)": hook + "&channel=\(channel)&version=1",
            ]
            let before = try await entries(caller, service.owner)
            for (path, form) in forms {
                let reply = try await owner.post(path, form, token: earlier)
                #expect(reply.status == 403, "\(path)")
                #expect(reply.text.contains("signed in again since this form was shown"), "\(path)")
                #expect(reply.text.contains("value=\"As typed\""), "\(path)")
                #expect(reply.text.contains(owner.formToken) && !reply.text.contains(earlier), "\(path)")
            }
            #expect(try await entries(caller, service.owner) == before)
        }
    }

    /// The page is of use to owners and admins only, and so is what they typed.
    @Test func whoMayNotSeeThePageIsRefused() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let member = try await SignedIn(caller, service.member)
            for path in ["members", "keys", "replays"] {
                let reply = try await member.post(path, "name=As+typed&user=1&role=admin", token: earlier)
                #expect(reply.status == 403)
                #expect(!reply.text.contains("As typed"), "\(path)")
            }
        }
    }

    @Test func withoutASessionNothingIsRepeatedAndThePageSaysWhatToDo() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let headers: HTTPFields = [
                .contentType: "application/x-www-form-urlencoded", .secFetchSite: "same-origin",
            ]
            let reply = try await caller.send(
                .post, "/organizations/1/channels", bytes: Array("name=As+typed&settings.url=secret".utf8),
                headers: headers)
            #expect(reply.status == 401)
            #expect(!reply.text.contains("As typed") && !reply.text.contains("secret"))
            #expect(reply.text.contains("href=\"/login\" target=\"_blank\" rel=\"noopener\""))
            #expect(reply.text.contains("reload this page"))
        }
    }

    private func webHook(_ caller: Caller, _ key: String) async throws -> String {
        let body: JSONValue = ["kind": "webhook", "name": "CI", "settings": ["url": "https://example.com/hook"]]
        let made = try await caller.send(.post, "/v1/organizations/1/channels", key: key, body)
        return try #require(made.json["id"]?.string)
    }

    private func entries(_ caller: Caller, _ key: String) async throws -> Int {
        try await caller.send(.get, "/v1/organizations/1/audit-log", key: key).json["data"]?.array?.count ?? 0
    }
}

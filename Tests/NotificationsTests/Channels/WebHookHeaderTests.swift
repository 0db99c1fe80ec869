import Notifications
import Testing

/// Headers that an organization adds, and authorization.
@Suite struct WebHookHeaderTests {
    private static func settings(_ more: JSONValue) -> ChannelSettings {
        var settings = Samples.settings("webhook")
        for member in more.object?.members ?? [] { settings[member.key] = member.value }
        return settings
    }

    private static func errors(_ more: JSONValue) -> [String] {
        WebHook().errors(in: settings(more)).map(\.field)
    }

    private static func message(_ more: JSONValue) -> HTTPMessage {
        WebHook().message(for: Samples.notice(.testNotificationChannel), settings: settings(more))
    }

    @Test func theyAreSentAfterTheOthers() {
        let message = Self.message([
            "headers": "X-Team: shop\n\nX-B: 1", "secret_headers": "X-Api-Key:  k3y-0f-the-hook ",
        ])
        #expect(
            message.headers.suffix(3) == [
                .init("X-Team", "shop"), .init("X-B", "1"), .init("X-Api-Key", "k3y-0f-the-hook", isSecret: true),
            ])
    }

    @Test func secretOnesAreHiddenAndRedacted() {
        let settings = Self.settings([
            "secret_headers": "X-Api-Key: k3y-0f-the-hook-4711", "bearer_token": "t0ken-t0ken-t0ken",
        ])
        let message = WebHook().message(for: Samples.notice(.testNotificationChannel), settings: settings)
        let shown = "\(message.redacted) \(settings.masked(by: WebHook()))"
        for secret in ["k3y-0f", "t0ken-t0ken"] { #expect(!shown.contains(secret)) }
        let secrets = KnownSecrets(of: message, settings: settings, kind: WebHook())
        let echoed = secrets.blotted("got k3y-0f-the-hook-4711 and t0ken-t0ken-t0ken.")
        #expect(echoed.contains("and") && !echoed.contains("k3y") && !echoed.contains("t0ken"))
    }

    @Test(arguments: [
        "Host: x", "content-length: 5", "Transfer-Encoding: chunked", "Content-Type: text/plain", "Authorization: x",
        "Connection: close", "User-Agent: x", "X-LoadImpact-ID: x", "webhook-signature: x", "CE-id: x",
        "X-k6cloud-Event: x", "Proxy-Authorization: x", "Expect: 100-continue", "no colon", ": value", "A b: c",
        "X-A:", "X-A: \u{e9}", "X-A\u{e9}: b", "X-A: b\nx-a: c", "X(A): b", "X-A : b",
        "Transfer_Encoding: chunked", "x_loadimpact_id: x", "CE_id: x",
    ])
    func otherNamesAndValuesAreRefused(_ text: String) {
        #expect(Self.errors(["headers": .string(text)]) == ["headers"])
        #expect(Self.errors(["secret_headers": .string(text)]) == ["secret_headers"])
    }

    @Test func theLimitsHold() {
        let lines = (0...20).map { "X-\($0): a" }
        #expect(Self.errors(["headers": .string(lines.joined(separator: "\n"))]) == ["headers"])
        #expect(Self.errors(["headers": .string(lines.dropLast().joined(separator: "\n"))]) == [])
        #expect(Self.errors(["headers": .string("X-A: " + String(repeating: "a", count: 1001))]) == ["headers"])
        #expect(Self.errors(["headers": "X-A: b", "secret_headers": "x-a: c"]) == ["secret_headers"])
        #expect(Self.errors(["headers": "Host: a\nX-A: b\nnothing"]) == ["headers", "headers"])
    }

    @Test func anErrorTellsNoValue() {
        let found = WebHook().errors(in: Self.settings(["secret_headers": "Host: s3cret"]))
        #expect(!"\(found)".contains("s3cret"))
    }

    /// Nothing is saved that it could stand for.
    @Test func theMaskOfAPasswordIsNoPassword() {
        for (mask, isTaken) in [("…", false), ("…word", false), ("pa…", true)] {
            let given: JSONValue = [
                "url": "https://hooks.example.com/", "basic_user": "ci", "basic_password": .string(mask),
            ]
            let read = Result { () throws(InvalidInput) in
                try ChannelSettings(
                    reading: given, fields: WebHook().fields, policy: EgressPolicy(), saved: nil, path: "settings")
            }
            #expect(((try? read.get()) != nil) == isTaken, "\(mask)")
        }
    }

    @Test func repositoriesHaveNames() {
        let rule = GitHub().fields.first { $0.key == "repository" }?.rule
        for (text, isTaken) in [("acme/shop", true), ("acme/..", false), ("acme/.", false), ("acme/.github", true)] {
            #expect((rule?.error(text) == nil) == isTaken, "\(text)")
        }
    }

    @Test func basicAndBearer() {
        let basic = Self.message(["basic_user": "ci", "basic_password": "pa:ss"])
        #expect(basic.headers.last == .init("Authorization", "Basic Y2k6cGE6c3M=", isSecret: true))
        let bearer = Self.message(["bearer_token": "abc"])
        #expect(bearer.headers.last == .init("Authorization", "Bearer abc", isSecret: true))
        #expect(Self.errors(["basic_user": "ci"]) == ["basic_password"])
        #expect(Self.errors(["basic_password": "x"]) == ["basic_user"])
        #expect(Self.errors(["basic_user": "c:i", "basic_password": "x"]) == ["basic_user"])
        #expect(Self.errors(["basic_user": "c", "basic_password": "x", "bearer_token": "y"]) == ["bearer_token"])
        #expect(Self.errors(["bearer_token": "a b"]) == ["bearer_token"])
    }
}

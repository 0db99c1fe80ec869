import Notifications
import Testing

/// Which addresses the kinds take, beyond what every address must hold.
@Suite struct KindAddressTests {
    private static let secret = String(repeating: "x", count: 24)

    @Test(arguments: [
        ("slack", "https://hooks.slack.com/services/T00000000/B00000000/\(secret)"),
        ("slack", "https://hooks.slack.com/services/T00000000/B00000000/\(secret)/"),
        ("slack", "https://hooks.slack.com/services/T00000000/B00000000/short"),
        ("slack", "HTTPS://Hooks.Slack.com/services/T00000000/B00000000/\(secret)"),
        ("slack", "https://hooks.slack-gov.com/services/T00000000/B00000000/\(secret)"),
        ("hipchat", "https://acme.hipchat.com/v2/room/1234567/notification?auth_token=tok"),
        ("hipchat", "https://api.hipchat.com/v2/room/Load%20tests/notification"),
        ("hipchat", "https://chat.example.org/v2/room/7/notification/?auth_token=tok"),
        ("hipchat", "https://chat.example.org:8443/v2/room/7/notification"),
        ("webhook", "https://ci.example.org/"), ("webhook", "https://ci.example.org/a/b?c=d"),
    ])
    func takes(_ kind: String, _ url: String) throws {
        #expect(try mistake(kind, url) == nil)
    }

    @Test(arguments: [
        ("slack", "http://hooks.slack.com/services/T00000000/B00000000/\(secret)"),
        ("slack", "https://hooks.slack.com:8443/services/T00000000/B00000000/\(secret)"),
        ("slack", "https://hooks.slack.com.evil.example/services/T00000000/B00000000/\(secret)"),
        ("slack", "https://evil.example/hooks.slack.com/services/T00000000/B00000000/\(secret)"),
        ("slack", "https://hooks.slack.com@evil.example/services/T00000000/B00000000/\(secret)"),
        ("slack", "https://xhooks.slack.com/services/T00000000/B00000000/\(secret)"),
        ("slack", "https://slack.com/services/T00000000/B00000000/\(secret)"),
        ("slack", "https://hooks.slack.com/services/T00000000/B00000000"),
        ("slack", "https://hooks.slack.com/services/T00000000/B00000000/sh-ort"),
        ("slack", "https://hooks.slack.com/services/t00000000/B00000000/\(secret)"),
        ("slack", "https://hooks.slack.com/services/T00000000/B00000000/\(secret)/more"),
        ("slack", "https://hooks.slack.com/services/T00000000/B00000000/\(secret)?a=b"),
        ("slack", "https://hooks.slack.com/services/T00000000/B00000000/\(secret)\n"),
        ("slack", "https://hooks.slack.com/"),
        ("hipchat", "https://acme.hipchat.com/v1/rooms/message"),
        ("hipchat", "https://acme.hipchat.com/v2/room//notification"),
        ("hipchat", "https://acme.hipchat.com/v2/room/1/notification/more"), ("hipchat", "https://acme.hipchat.com/"),
        ("hipchat", "http://acme.hipchat.com/v2/room/1/notification?auth_token=tok"),
        ("hipchat", "https://acme.hipchat.com:8443/v2/room/1/notification?auth_token=tok"),
        ("webhook", "ftp://ci.example.org/"), ("webhook", "ci.example.org"), ("webhook", ""),
    ])
    func refuses(_ kind: String, _ url: String) throws {
        #expect(try mistake(kind, url)?.isSentence == true)
    }

    @Test(arguments: ["workflows/T0000/A0000/123456/abcdef", "triggers/T0000/123456/abcdef"])
    func hintsAtTheRightSlackAddress(_ path: String) throws {
        let mistake = try mistake("slack", "https://hooks.slack.com/\(path)")
        #expect(mistake?.contains("workflow") == true)
        #expect(mistake?.contains("https://hooks.slack.com/services/") == true)
    }

    @Test func takesAnyPathOfAHostThatTheOperatorNamed() throws {
        var policy = EgressPolicy()
        policy.slackHosts = ["chat.example.org", "other.example.org:8443"]
        #expect(try mistake("slack", "https://chat.example.org/hooks/abc", policy) == nil)
        #expect(try mistake("slack", "https://other.example.org:8443/hooks/abc", policy) == nil)
        #expect(try mistake("slack", "https://other.example.org/hooks/abc", policy) != nil)
        #expect(try mistake("slack", "https://third.example.org/hooks/abc", policy) != nil)
    }

    private func mistake(_ kind: String, _ url: String, _ policy: EgressPolicy = EgressPolicy()) throws -> String? {
        let field = try #require(ChannelKinds.kind(kind)?.fields.first { $0.key == "url" })
        guard case .url(let rule) = field.type else { return "The field is not an address." }
        return policy.mistake(in: url, rule: rule)
    }
}

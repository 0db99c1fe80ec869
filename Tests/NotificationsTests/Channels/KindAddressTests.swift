import Notifications
import Testing

/// Which addresses the kinds accept, beyond the rules for every address.
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
        #expect(try error(kind, url) == nil)
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
        #expect(try error(kind, url)?.isSentence == true)
    }

    @Test(arguments: ["workflows/T0000/A0000/123456/abcdef", "triggers/T0000/123456/abcdef"])
    func hintsAtTheRightSlackAddress(_ path: String) throws {
        let error = try error("slack", "https://hooks.slack.com/\(path)")
        #expect(error?.contains("workflow") == true)
        #expect(error?.contains("https://hooks.slack.com/services/") == true)
    }

    @Test func acceptsAnyPathOfAHostNamedByTheOperator() throws {
        let hosts: SlackHosts = ["chat.example.org", "other.example.org:8443", "8.8.8.8:8080", "[2606::1]:443"]
        for good in [
            "chat.example.org", "chat.example.org:8443", "other.example.org:8443", "8.8.8.8:8080", "[2606::1]",
        ] {
            #expect(try error("slack", "https://\(good)/hooks/abc", hosts) == nil, "\(good)")
        }
        for bad in ["other.example.org", "third.example.org", "8.8.8.8"] {
            let error = try error("slack", "https://\(bad)/hooks/abc", hosts)
            #expect(error?.contains("A Slack address begins with") == true, "\(bad)")
        }
    }

    @Test func readsTheHostsThatTheOperatorNames() throws {
        #expect(
            try SlackHosts(reading: "127.0.0.1:9000, Chat.Example.com") == ["127.0.0.1:9000", "chat.example.com"])
        #expect(try SlackHosts(reading: nil) == [] && SlackHosts(reading: "") == [])
        let error = #expect(throws: InvalidInput.self) { try SlackHosts(reading: "https://a/,b/c,d e,@,good.example") }
        #expect(error?.errors.map(\.field) == Array(repeating: "RUNBELL_SLACK_HOSTS", count: 4))
    }

    private func error(_ kind: String, _ url: String, _ hosts: SlackHosts = []) throws -> String? {
        let field = try #require(
            ChannelCatalogue.standard(slackHosts: hosts).kind(kind)?.fields.first { $0.key == "url" })
        guard case .url(let rule) = field.type else { return "The field is not an address." }
        return EgressPolicy().error(in: url, rule: rule)
    }
}

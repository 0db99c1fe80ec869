import Notifications
import Testing

/// Which addresses the kinds accept, beyond the rules for every address.
@Suite struct KindAddressTests {
    private static let secret = String(repeating: "x", count: 24)
    private static let long = String(repeating: "a", count: 68)
    private static let hook = String(repeating: "a", count: 26)
    private static let flow = "/powerautomate/automations/direct"
    private static let trigger = "/triggers/manual/paths/invoke"

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
        ("teams", "https://prod-12.westeurope.logic.azure.com:443/workflows/0123ab/triggers/manual/paths/invoke?sig=a"),
        ("teams", "https://d.4a.environment.api.powerplatform.com\(flow)/cu/01/workflows/0123\(trigger)?a=1&sig=a"),
        ("teams", "https://d.4a.environment.api.powerplatform.com:443\(flow)/workflows/0123\(trigger)?a=1&sig=a"),
        ("teams", "https://d.4.environment.api.gov.powerplatform.microsoft.us\(flow)/workflows/0123\(trigger)?sig=a"),
        ("teams", "https://d.4.environment.api.high.powerplatform.microsoft.us\(flow)/workflows/0123\(trigger)?sig=a"),
        ("teams", "https://d.4.environment.api.appsplatform.us\(flow)/workflows/0123\(trigger)?sig=a"),
        (
            "teams",
            "https://d.4.environment.api.powerplatform.partner.microsoftonline.cn\(flow)/workflows/0123\(trigger)?sig=a"
        ), ("discord", "https://discord.com/api/webhooks/417429632418316298/\(long)"),
        ("discord", "https://discordapp.com/api/v10/webhooks/417429632418316298/\(long)?wait=true"),
        ("discord", "https://ptb.discord.com/api/webhooks/417429632418316298/\(long)?thread_id=1"),
        ("googlechat", "https://chat.googleapis.com/v1/spaces/AAAAbcd/messages?key=k&token=t%3D"),
        ("mattermost", "https://chat.example.org/hooks/\(hook)"), ("mattermost", "https://a.example/sub/hooks/\(hook)"),
        ("rocketchat", "https://chat.example.org/hooks/38xQ9ZR6aqSR5aKry/\(secret)"),
        ("rocketchat", "https://chat.example.org/sub/hooks/38xQ9ZR6aqSR5aKry/user/cj%2Fky"),
        ("telegram", "https://api.telegram.org"), ("telegram", "https://bots.example.org:8443/"),
        ("zulip", "https://example.zulipchat.com"), ("matrix", "https://matrix.example.org:8443/"),
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
        ("teams", "https://prod-12.westeurope.logic.azure.com/workflows/0123/triggers/manual/paths/invoke?sp=a"),
        ("teams", "https://logic.azure.com.evil.example/workflows/0123/triggers/manual/paths/invoke?sig=a"),
        ("teams", "https://evillogic.azure.com/workflows/0123/triggers/manual/paths/invoke?sig=a"),
        ("teams", "https://acme.webhook.office.com/webhookb2/x/IncomingWebhook/z/w"),
        ("teams", "https://outlook.office.com/webhook/x"),
        ("teams", "https://d.4.environment.api.powerplatform.us\(flow)/workflows/0123\(trigger)?sig=a"),
        ("teams", "https://powerplatform.microsoft.us\(flow)/workflows/0123\(trigger)?sig=a"),
        ("discord", "https://discord.com/api/webhooks/abc/def"),
        ("discord", "https://discord.com/api/webhooks/417429632418316298/\(long)?thread_id=general"),
        ("discord", "https://discord.com/api/webhooks/417429632418316298/\(long)?wait=true&thread_id="),
        ("discord", "https://discord.com/api/webhooks/417429632418316298"),
        ("discord", "https://discord.com/api/webhooks/417429632418316298/\(long)/slack"),
        ("discord", "https://discord.com.evil.example/api/webhooks/417429632418316298/\(long)"),
        ("discord", "http://discord.com/api/webhooks/417429632418316298/\(long)"),
        ("googlechat", "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=k"),
        ("googlechat", "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=k&amp;token=t"),
        ("googlechat", "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=k&token="),
        ("mattermost", "https://chat.example.org/hooks/short"),
        ("mattermost", "https://chat.example.org/hooks/38xQ9ZR6aqSR5aKry/\(secret)"),
        ("mattermost", "https://chat.example.org/hooks/\(hook)?a=b"),
        ("rocketchat", "https://chat.example.org/hooks/\(hook)"), ("rocketchat", "https://chat.example.org/"),
        ("telegram", "https://api.telegram.org/bot1:2/sendMessage"), ("zulip", "https://example.zulipchat.com/api"),
        ("matrix", "https://matrix.example.org/?a=b"), ("matrix", "https://matrix.example.org/_matrix"),
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
        let hosts = try ServiceHosts(
            reading: "discord=8.8.8.8", slack: "chat.example.org,other.example.org:8443,8.8.8.8:8080,[2606::1]:443")
        #expect(try error("discord", "https://8.8.8.8/any", hosts) == nil)
        #expect(try error("discord", "https://chat.example.org/any", hosts) != nil)
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
        var hosts = ServiceHosts()
        for host in ["127.0.0.1:9000", "chat.example.com"] { hosts.insert(host, for: "slack") }
        #expect(try ServiceHosts(reading: nil, slack: "127.0.0.1:9000, Chat.Example.com") == hosts)
        #expect(try ServiceHosts(reading: "slack=127.0.0.1:9000,slack=chat.example.com") == hosts)
        #expect(try ServiceHosts(reading: nil) == ServiceHosts() && ServiceHosts(reading: "") == ServiceHosts())
        let error = #expect(throws: InvalidInput.self) {
            try ServiceHosts(reading: "pigeon=a,discord=b/c,host", slack: "a/,b/c,d e,@,good.example")
        }
        #expect(
            error?.errors.map(\.field) == Array(repeating: "RUNBELL_SLACK_HOSTS", count: 4)
                + Array(repeating: "RUNBELL_SERVICE_HOSTS", count: 3))
    }

    private func error(_ kind: String, _ url: String, _ hosts: ServiceHosts = ServiceHosts()) throws -> String? {
        let field = try #require(ChannelCatalogue.standard(hosts: hosts).kind(kind)?.fields.first { $0.key == "url" })
        guard case .url(let rule) = field.type else { return "The field is not an address." }
        return EgressPolicy().error(in: url, rule: rule)
    }
}

import Notifications

@testable import WebPages
@testable import WebServing

/// Single values.
extension ForeignParser {
    static let values = [
        ForeignParser(text: "url", limit: 256 * 1024, seeds: addresses) { text in
            _ = OutboundURL.masked(text)
            for kind in ChannelCatalogue.standard().kinds {
                for case .url(let rule) in kind.fields.map(\.type) { _ = EgressPolicy().error(in: text, rule: rule) }
            }
        },
        ForeignParser(text: "address", limit: 16 * 1024, seeds: ["127.0.0.1", "2001:db8::1", "10.0.0.0/8"]) { text in
            _ = IPAddress(text)
            _ = AddressRange(text)
            _ = KnownHosts(["a"]).take(text)
        },
        ForeignParser(text: "time", limit: 256 * 1024, seeds: ["2026-11-23T10:12:30.5+01:00", "2026-11-24 10:12"]) {
            text in
            _ = Timestamp(rfc3339: text)
            _ = Timestamp(typed: text)
        },
        ForeignParser(text: "cursor", limit: 256 * 1024, seeds: [Cursor(position: "42").text(of: "/a")]) {
            _ = Cursor(text: $0, of: "/a")
        },
        ForeignParser(text: "key", limit: 256 * 1024, seeds: [APIKey().reveal(), RandomToken().reveal()]) { text in
            _ = APIKey(text)
            _ = RandomToken(text)
            _ = ChannelID(text)
        },
        ForeignParser(text: "secret", limit: 256 * 1024, seeds: [SigningSecret().reveal()]) { _ = SigningSecret($0) },
        ForeignParser(text: "link", limit: 256 * 1024, seeds: ["https://a.example/{load_test_run_id}"]) {
            _ = RunLinkTemplate($0)
        },
        ForeignParser(text: "words", limit: 256 * 1024, seeds: ["test.started", "slack", "owner"]) { text in
            _ = EventType(word: text)
            _ = Role(word: text)
            _ = ChannelCatalogue.standard().kind(text)
            _ = Set([ForeignText(text), "test.started"]).sorted()
        },
    ]

    private static let addresses = [
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXX", "HTTPS://a.example:8443/x?y=%20",
        "https://[2001:db8::1]:443/", "https://example.hipchat.com/v2/room/1/notification?auth_token=x",
    ]
}

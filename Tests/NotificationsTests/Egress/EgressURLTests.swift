import Notifications
import Testing

@Suite("Outbound addresses")
struct EgressURLTests {
    @Test func `the parts are read`() throws {
        let url = try OutboundURL(parsing: "https://Hooks.Example.COM:8443/a/b%2F?c=d&e=@%")
        #expect(url.scheme == .https)
        #expect(url.host == "hooks.example.com")
        #expect(url.port == 8443)
        #expect(url.target == "/a/b%2F?c=d&e=@%")
        #expect(url.path == "/a/b%2F")
        #expect(url.hostHeader == "hooks.example.com:8443")
        #expect(url.address == nil)
    }

    @Test(arguments: [
        ("https://example.com", "example.com", 443, "/", "example.com"),
        ("HTTPS://example.com", "example.com", 443, "/", "example.com"),
        ("hTTp://EXAMPLE.com/A", "example.com", 80, "/A", "example.com"),
        ("http://example.com?x", "example.com", 80, "/?x", "example.com"),
        ("http://example.com:443/", "example.com", 443, "/", "example.com:443"),
        ("https://93.184.215.14/x", "93.184.215.14", 443, "/x", "93.184.215.14"),
        ("http://[2606:4700::0:1111]:8080/", "2606:4700::1111", 8080, "/", "[2606:4700::1111]:8080"),
        ("https://example.com:65535//..//", "example.com", 65535, "//..//", "example.com:65535"),
        ("https://a-1.example.co2m/", "a-1.example.co2m", 443, "/", "a-1.example.co2m"),
    ])
    func `good addresses`(text: String, host: String, port: Int, target: String, header: String) throws {
        let url = try OutboundURL(parsing: text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.target == target)
        #expect(url.hostHeader == header)
    }

    @Test(arguments: [
        "", "https", "https:/", "https://", "https:///x", "HTTPSS://example.com/", "ftp://example.com/",
        "https://example.com:/", "https://example.com:0/", "https://example.com:080/", "https://example.com:65536/",
        "https://example.com:99999/", "https://example.com:443:443/", "https://example.com:٤٤٣/",
        "http://8.8.8.8:99999/",
        "https://u@example.com/", "https://u:p@example.com/", "https://exa%6dple.com/", "https://example.com./",
        "https://.example.com/", "https://a..b/", "https://-a.example.com/", "https://a-.example.com/",
        "https://a_b.example.com/", "https://example.com/#x", "https://example.com\\x", "https://example.com/ x",
        "https://example.com/\u{7F}", "https://example.com/é", "https://1.2.3/", "https://1.2.3.4.5/",
        "https://0x7f.1/",
        "https://example.0x/", "https://example.12/", "https://[1.2.3.4]/", "https://[::1", "https://[::1]x/",
        "https://[::1]:/", "https://[fe80::1%1]/", "https://::1/", "https://[]/", "https://*.example.com/",
    ])
    func `bad addresses, each with a sentence that does not repeat them`(text: String) {
        let error = #expect(throws: OutboundURLError.self) { try OutboundURL(parsing: text) }
        #expect(error?.message.hasSuffix(".") == true)
        if text.count > 12 { #expect(error?.message.contains(text) == false) }
    }

    @Test func `the length is bounded`() throws {
        let longest = "https://example.com/" + String(repeating: "a", count: 2028)
        #expect(try OutboundURL(parsing: longest).target.utf8.count == 2029)
        #expect(throws: OutboundURLError.self) { try OutboundURL(parsing: longest + "a") }
        let name = Array(repeating: String(repeating: "a", count: 49), count: 5).joined(separator: ".")
        #expect(try OutboundURL(parsing: "https://\(name).io/").host.utf8.count == 252)
        #expect(throws: OutboundURLError.self) { try OutboundURL(parsing: "https://\(name).info/") }
    }

    /// Whatever the bytes, the parser returns, and what it accepts has the form that the rest relies on.
    @Test func `no bytes crash the parser`() {
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "http", "https", "://", ":", "/", "@", "[", "]", "%", "%2f", "#", "?", "\\", ".", "..", "127.0.0.1", "::1",
            "example", "com", "99999", "443", "0x7f", "\0", " ", "é", "-", "_", "ﬀ", "１",
        ]
        for _ in 0..<20_000 {
            let length = Int.random(in: 1...8, using: &generator)
            let start = Bool.random(using: &generator) ? "https://" : ""
            let text = start + (0..<length).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            guard let url = try? OutboundURL(parsing: text) else { continue }
            #expect((1...65535).contains(url.port) && url.target.hasPrefix("/") && !url.host.isEmpty, "\(text)")
            #expect(url.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "@") }, "\(text)")
        }
    }

    @Test(arguments: [
        (
            "https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrsta1b2",
            "https://hooks.slack.com/services/…a1b2"
        ),
        ("https://acme.hipchat.com/v2/room/12/notification?auth_token=s3cret", "https://acme.hipchat.com/v2/…?…"),
        ("https://api.telegram.org/bot123456:AAAAAAAAAAAAAAAAAAAA/sendMessage", "https://api.telegram.org/…"),
        ("https://example.com/secretsecretsecret", "https://example.com/…cret"),
        ("https://example.com/hook1/short", "https://example.com/hook1/…"),
        ("https://example.com/hook12/short", "https://example.com/…"),
        ("https://example.com/short", "https://example.com/…"),
        ("http://127.0.0.1:9000/", "http://127.0.0.1:9000/"),
        ("https://[2606:4700::1111]:8443/hooks/x?y", "https://[2606:4700::1111]:8443/hooks/…?…"),
        ("https://user:password@example.com/x", "…"),
        ("not an address", "…"),
        ("", "…"),
    ])
    func `a masked address keeps its host and little else`(text: String, masked: String) {
        #expect(OutboundURL.masked(text) == masked)
    }
}

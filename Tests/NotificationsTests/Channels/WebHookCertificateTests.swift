import Notifications
import Testing

/// Certificates and keys that are words: a certificate is `cert NAME`, and its key `key NAME`.
private struct WordReader: CertificateReader {
    func certificates(in pem: String) -> [Certificate]? {
        let words = pem.pieces(between: "\n")
        guard words.allSatisfy({ $0.hasPrefix("cert ") }) else { return nil }
        return words.map { Certificate(name: String($0.dropFirst(5)), expiresAt: Samples.at + .seconds(86_400 * 12)) }
    }

    func isKey(_ key: String, of certificates: String) -> Bool? {
        guard key.hasPrefix("key ") else { return nil }
        return certificates.pieces(between: "\n").first.map { $0.dropFirst(5) == key.dropFirst(4) }
    }
}

/// How certificates are read is tested with the reader that connections use (`PEMReaderTests`).
@Suite struct WebHookCertificateTests {
    private static let kind = WebHook(certificates: WordReader())

    private static func errors(_ given: [String: String], url: String = "https://ci.example.org/hook") -> [String] {
        var settings = ChannelSettings()
        settings["url"] = .string(url)
        for (key, value) in given { settings[key] = .string(value) }
        return kind.errors(in: settings).map(\.field)
    }

    @Test func whatIsRight() {
        let right = [
            Self.given("cert a", "key a"), Self.given("cert a\ncert b", "key a", "cert c"),
            Self.given(nil, nil, Self.words("cert c", 10)), [:],
        ]
        for given in right { #expect(Self.errors(given).isEmpty) }
    }

    private typealias Mistake = (given: [String: String], fields: [String])

    private static func words(_ word: String, _ count: Int) -> String {
        Array(repeating: word, count: count).joined(separator: "\n")
    }

    private static let mistakes: [Mistake] = [
        (given("cert a", "key b"), ["client_key"]),
        (given("cert a", nil), ["client_key"]),
        (given(nil, "key a"), ["client_certificate"]),
        (given("cert a", "?"), ["client_key"]),
        (given("cert a", "key ENCRYPTED"), ["client_key"]),
        (given("?", "key a"), ["client_certificate"]),
        (given("cert PRIVATE KEY", "key PRIVATE KEY"), ["client_certificate"]),
        (given(words("cert a", 6), "key a"), ["client_certificate"]),
        (given(nil, nil, words("cert c", 11)), ["ca_certificates"]),
        (given("?", "?", "?"), ["client_certificate", "client_key", "ca_certificates"]),
    ]

    private static func given(_ certificate: String?, _ key: String?, _ authorities: String? = nil) -> [String: String]
    {
        var given: [String: String] = [:]
        given["client_certificate"] = certificate
        given["client_key"] = key
        given["ca_certificates"] = authorities
        return given
    }

    @Test(arguments: mistakes.indices)
    func mistakesAreNamedAtOnce(_ index: Int) {
        let mistake = Self.mistakes[index]
        #expect(Self.errors(mistake.given) == mistake.fields)
    }

    @Test func anAddressWithoutTLSHasNoUseForThem() {
        #expect(Self.errors(["ca_certificates": "cert c"], url: "http://ci.example.org/") == ["ca_certificates"])
        #expect(Self.errors([:], url: "http://ci.example.org/").isEmpty)
    }

    @Test func withoutAReaderNothingIsAccepted() {
        var settings = ChannelSettings()
        settings["ca_certificates"] = "cert c"
        #expect(WebHook().errors(in: settings).map(\.field) == ["ca_certificates"])
        #expect(WebHook().certificates(in: settings).isEmpty)
    }

    private static let settings = ChannelSettings(
        ([
            "url": "https://ci.example.org/hook", "client_certificate": "cert a\ncert b",
            "client_key": "key CANARY-1234",
            "ca_certificates": "cert c\ncert d",
        ] as JSONValue).object ?? JSONObject())

    @Test func ourCertificateAndAllAuthoritiesAreShown() {
        let found = Self.kind.certificates(in: Self.settings)
        #expect(found.map(\.field.key) == ["client_certificate", "ca_certificates", "ca_certificates"])
        #expect(found.map(\.certificate.name) == ["a", "c", "d"])
    }

    @Test func nothingOfTheKeyIsShown() {
        let shown = Self.settings.masked(by: Self.kind)
        #expect(shown["client_key"] == "…")
        #expect(shown["client_certificate"] == "cert a\ncert b")
        let message = Self.kind.message(for: Samples.notice(.testNotificationChannel), settings: Self.settings)
        for text in ["\(message)", "\(message.redacted)", String(reflecting: message.tls)] {
            #expect(!text.contains("CANARY"))
        }
    }

    @Test(arguments: [
        (-1, "has expired"), (0, "expires today"), (86_399, "expires today"), (86_400, "expires in 1 day"),
        (86_400 * 12 + 5, "expires in 12 days"),
    ])
    func howLongACertificateLasts(_ seconds: Int64, _ text: String) {
        let certificate = Certificate(name: "a", expiresAt: Samples.at + .seconds(seconds))
        #expect(certificate.lifetime(at: Samples.at) == text)
    }

    @Test func settingsOfTLSDifferInEveryPart() throws {
        func settings(_ a: String?, _ b: String?, _ c: String?) throws -> TLSSettings {
            try #require(TLSSettings(certificates: a, privateKey: b.map { Secret($0) }, authorities: c))
        }
        let all = [
            try settings("a", "b", "c"), try settings("a", "b", nil), try settings(nil, nil, "c"),
            try settings("ab", "", "c"), try settings("a", "c", "b"), try settings("a", "b", ""),
        ]
        #expect(Set(all).count == all.count)
        #expect(try all[0] == settings("a", "b", "c"))
        #expect(TLSSettings(certificates: nil, privateKey: nil, authorities: nil) == nil)
    }
}

import Notifications
import Testing

@Suite("Egress policy")
struct EgressPolicyTests {
    let production = EgressPolicy()

    @Test(arguments: [
        "https://example.com/", "https://example.com:8443/", "https://example.com:80/", "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
    ])
    func `production takes public receivers`(text: String) {
        #expect(production.error(in: text, rule: .any) == nil)
    }

    @Test(arguments: [
        "http://example.com/", "https://example.com:25/", "https://8.8.8.8:25/", "https://10.0.0.1/",
        "https://localhost/",
        "https://hooks/", "https://db.internal/", "https://printer.local/", "https://home.arpa/",
        "https://a.home.arpa/",
        "https://metadata.google.internal/", "https://[::1]/", "https://127.0.0.1:8080/", "nonsense",
    ])
    func `production refuses the rest, in a sentence`(text: String) throws {
        let error = try #require(production.error(in: text, rule: .any))
        #expect(error.hasSuffix(".") && error.contains(" "))
    }

    @Test(arguments: [
        ("http://example.com/", "RUNBELL_EGRESS_HTTP"), ("https://example.com:25/", "RUNBELL_EGRESS_PORTS"),
        ("https://10.0.0.1/", "RUNBELL_EGRESS_ALLOW"), ("https://localhost/", "RUNBELL_EGRESS_ALLOW"),
        ("https://db.internal/", "RUNBELL_EGRESS_ALLOW"), ("https://hooks/", "RUNBELL_EGRESS_ALLOW"),
        ("https://169.254.169.254/", nil), ("https://metadata.google.internal/", nil),
    ])
    func `a refusal names the setting that lifts it, if one does`(text: String, setting: String?) throws {
        let error = try #require(production.error(in: text, rule: .any))
        #expect(setting.map(error.contains) ?? !error.contains("RUNBELL_"), "\(error)")
    }

    @Test func `a name that resolves into a private network names the setting`() throws {
        let url = try OutboundURL(parsing: "https://example.com/")
        let refusal = try #require(production.refusal(of: answers("10.0.0.1"), for: url))
        #expect(refusal.sentence.contains("RUNBELL_EGRESS_ALLOW"))
    }

    @Test func `the kind's rule comes last`() {
        let rule = URLRule { url in url.host == "good.example" ? nil : "Not good." }
        #expect(production.error(in: "https://example.com/", rule: rule) == "Not good.")
        #expect(production.error(in: "https://localhost/", rule: rule) != "Not good.")
        #expect(production.error(in: "https://good.example/x", rule: rule) == nil)
    }

    @Test func `an allowed range opens its ports and private names, nothing else`() throws {
        let policy = try EgressPolicy(allow: "127.0.0.0/8", http: "true", ports: nil)
        #expect(policy.error(in: "http://127.0.0.1:9000/", rule: .any) == nil)
        #expect(policy.error(in: "http://localhost:9000/", rule: .any) == nil)
        #expect(policy.error(in: "http://10.0.0.1/", rule: .any) != nil)
        #expect(policy.error(in: "http://8.8.8.8:9000/", rule: .any) != nil)
        #expect(policy.error(in: "http://metadata.google.internal/", rule: .any) != nil)
        let url = try OutboundURL(parsing: "http://receiver.example.com:9000/")
        #expect(policy.refusal(of: answers("127.0.0.1"), for: url) == nil)
        #expect(policy.refusal(of: answers("8.8.8.8"), for: url) != nil)
        #expect(policy.refusal(of: answers("127.0.0.1", "8.8.8.8"), for: url) != nil)
    }

    @Test func `one forbidden address refuses all`() throws {
        let url = try OutboundURL(parsing: "https://a.example.com/")
        #expect(production.refusal(of: answers("8.8.8.8", "2606:4700::1111"), for: url) == nil)
        #expect(production.refusal(of: answers("8.8.8.8", "127.0.0.1"), for: url) != nil)
        #expect(production.refusal(of: answers("127.0.0.1", "8.8.8.8"), for: url) != nil)
        #expect(production.refusal(of: [], for: url) != nil)
    }

    @Test func `a refusal reveals nothing about the addresses of a name`() throws {
        var policy = production
        policy.ownAddresses = try [ListeningAddress(address: #require(IPAddress("8.8.4.4")), port: 443)]
        let url = try OutboundURL(parsing: "https://a.example.com/")
        let refusals = ["10.0.0.1", "127.0.0.1", "::1", "8.8.4.4", "169.254.169.254"].map {
            policy.refusal(of: answers($0), for: url)
        }
        #expect(Set(refusals.map { $0?.sentence }).count == 1 && refusals.first != .some(nil))
        // A well-known metadata address reveals nothing about this network; the service's own address would.
        #expect(refusals.map { $0?.isForEver } == [false, false, false, false, true])
    }

    @Test(arguments: [
        ("http://example.com/", false), ("https://10.0.0.1/", false), ("https://8.8.8.8:25/", false),
        ("https://example.com:25/", false), ("https://db.internal/", false), ("https://hooks/", false),
        ("https://169.254.169.254/", true), ("https://metadata.google.internal/", true), ("https://8.8.4.4/", true),
    ])
    func `only what no setting can allow is refused for ever`(text: String, isForEver: Bool) throws {
        var policy = production
        policy.ownAddresses = try [ListeningAddress(address: #require(IPAddress("8.8.4.4")), port: 443)]
        #expect(try #require(policy.refusal(of: OutboundURL(parsing: text))).isForEver == isForEver)
    }

    @Test func `the service never sends to itself`() throws {
        let all = try #require(IPAddress("0.0.0.0"))
        let policy = try EgressPolicy(
            allow: "127.0.0.0/8,::1", http: "1", ports: nil,
            ownAddresses: [ListeningAddress(address: all, port: 8080)])
        #expect(policy.error(in: "http://127.0.0.1:8080/", rule: .any) != nil)
        #expect(policy.error(in: "http://127.9.9.9:8080/", rule: .any) != nil)
        #expect(policy.error(in: "http://[::1]:8080/", rule: .any) != nil)
        #expect(policy.error(in: "http://127.0.0.1:8081/", rule: .any) == nil)
        #expect(
            try policy.refusal(of: answers("127.0.0.1"), for: OutboundURL(parsing: "http://localhost:8080/")) != nil)
    }

    @Test func `commands for the operator's own service may go anywhere`() throws {
        for text in ["http://localhost:1/", "http://10.0.0.1:8080/", "http://169.254.169.254/"] {
            #expect(EgressPolicy.unrestricted.error(in: text, rule: .any) == nil)
        }
        #expect(
            try EgressPolicy.unrestricted.refusal(of: answers("127.0.0.1"), for: OutboundURL(parsing: "http://a/"))
                == nil)
        #expect(EgressPolicy.unrestricted.error(in: "http://8.8.8.8:99999/", rule: .any) != nil)
    }

    @Test func `the configuration is read`() throws {
        let policy = try EgressPolicy(
            allow: " 10.0.0.0/8 , fd00::/8,", http: "TRUE", ports: "9000, 9001")
        #expect(policy.allowedRanges.map(\.description) == ["10.0.0.0/8", "fd00::/8"])
        #expect(policy.isHTTPAllowed)
        #expect(policy.ports == [80, 443, 8080, 8443, 9000, 9001])
        #expect(try EgressPolicy(allow: nil, http: "", ports: nil) == EgressPolicy())
    }

    @Test func `all errors of the configuration are reported at once`() {
        let error = #expect(throws: InvalidInput.self) {
            try EgressPolicy(
                allow: "10.0.0.1/8,nonsense", http: "maybe", ports: "0,65536,x")
        }
        let fields = error?.errors.map(\.field) ?? []
        #expect(fields.filter { $0 == "RUNBELL_EGRESS_ALLOW" }.count == 2)
        #expect(fields.filter { $0 == "RUNBELL_EGRESS_HTTP" }.count == 1)
        #expect(fields.filter { $0 == "RUNBELL_EGRESS_PORTS" }.count == 3)
    }

    private func answers(_ texts: String...) -> [IPAddress] {
        texts.compactMap { IPAddress($0) }
    }
}

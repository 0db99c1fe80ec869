import HTTPTypes
import Notifications

extension MalformedInput {
    static let cases = syntax + encodings + structures + types + sizes + mediaTypes + paths

    private static let syntax = [
        MalformedInput("bad-001", texts: [""]),
        MalformedInput("bad-003", texts: ["[]"]),
        MalformedInput("bad-004", texts: [#""x""#, "1", "true", "null"]),
        MalformedInput("bad-006", texts: [#"{"name":"x"}{"name":"y"}"#, #"{"name":"x","owner_user_id":11} x"#]),
        MalformedInput("bad-007", texts: [#"{"name":"x","owner_user_id":11,}"#]),
        MalformedInput("bad-009", texts: ["{'name':'x'}"]),
        MalformedInput("bad-010", texts: [#"{name:"x"}"#]),
        MalformedInput("bad-012", texts: ["NaN", "Infinity", "-Infinity"].map(owner)),
        MalformedInput("bad-013", texts: ["01", "+1", "1.", ".5", "0x1", "-"].map(owner)),
    ]

    private static let encodings = [
        MalformedInput(
            "bad-015",
            bodies: [sound.utf16(bigEndian: false), sound.utf16(bigEndian: true)].flatMap { [$0.mark, $0.text] }),
        MalformedInput("bad-016", bodies: [sound.utf8.flatMap { [$0, 0, 0, 0] }]),
        MalformedInput("bad-018", bodies: [name([0xC0, 0xAF])]),
        MalformedInput("bad-019", bodies: [name([0xED, 0xA0, 0x80])]),
        MalformedInput("bad-021", bodies: [name([1])]),
        MalformedInput("bad-022", texts: [#"{"name":"x\u0000y","owner_user_id":11}"#]),
    ]

    private static let structures = [
        MalformedInput("bad-027", texts: [#"{"name":"a","\u006eame":"b","owner_user_id":11}"#]),
        MalformedInput("bad-028", texts: [#"{"nmae":"x","name":"x","owner_user_id":11}"#]),
        MalformedInput(
            "bad-030",
            texts: ["id", "org_id", "created_at", "role", "is_admin", "secret_key_id"].map {
                #"{"name":"x","owner_user_id":11,"\#($0)":1}"#
            }),
        MalformedInput(
            "bad-031", texts: ["__proto__", "constructor"].map { #"{"name":"x","owner_user_id":11,"\#($0)":{}}"# }),
        MalformedInput(
            "bad-033", texts: [String(repeating: "[", count: 100_000), nested("[", "]"), owner(nested("[", "]"))]),
        MalformedInput("bad-034", texts: [#"{"x":"# + nested(#"{"a":"#, "}", inside: "1") + "}"]),
        MalformedInput(
            "bad-036",
            [
                TestRequest(
                    method: .post, path: "/v1/events/batch", key: .scheduler,
                    bytes: Array((#"{"events":["# + String(repeating: "{},", count: 999_999) + "{}]}").utf8))
            ]),
        MalformedInput("bad-037", texts: ["{" + (0..<20_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"]),
    ]

    private static let types = [
        MalformedInput("bad-039", texts: [owner("1e400"), owner("-1e400")]),
        MalformedInput("bad-040", texts: [owner("1.5"), owner("1e0")]),
        MalformedInput("bad-043", texts: [owner("9223372036854775808"), owner("-9223372036854775809")]),
        MalformedInput(
            "bad-045", ["0", "-1", "251"].map { TestRequest.get("/v1/organizations/1/channels?limit=\($0)") }),
        MalformedInput("bad-046", texts: [owner(#""11""#), #"{"name":5,"owner_user_id":11}"#]),
        MalformedInput("bad-048", texts: [owner("null"), #"{"name":null,"owner_user_id":11}"#]),
        MalformedInput(
            "bad-049",
            [#""true""#, "1", #""yes""#].map { value in
                .post(
                    "/v1/organizations/1/channels",
                    #"{"kind":"webhook","name":"x","settings":{"url":"https://ci.example.org/"},"enabled":\#(value)}"#)
            }),
        MalformedInput("bad-051", dates.map { .get("/v1/organizations/1/events?since=\($0)") }),
        MalformedInput("bad-052", uuids.map { .get("/v1/organizations/1/channels/\($0)") }, statuses: [404]),
    ]

    private static let sizes = [
        MalformedInput(
            "bad-057",
            texts: [String(repeating: "a", count: 201), String(repeating: "😀", count: 51)].map {
                #"{"name":"\#($0)","owner_user_id":11}"#
            }),
        MalformedInput(
            "bad-058",
            texts: ["", " ", "\u{A0}\u{2003}", "\u{301}\u{302}"].map { #"{"name":"\#($0)","owner_user_id":11}"# }),
        MalformedInput(
            "bad-060", [.sound([.contentType: "application/json", .contentEncoding: "gzip"])], statuses: [415]),
        MalformedInput("bad-061", [.sound([.contentType: "multipart/form-data; boundary=x"])], statuses: [415]),
    ]

    private static let mediaTypes = [
        MalformedInput("bad-063", [.sound([:])], statuses: [415]),
        MalformedInput("bad-064", [.sound([.contentType: "application/json; charset=utf-16"])], statuses: [415]),
        MalformedInput("bad-066", [.sound(two(.contentType, "application/json"))]),
        MalformedInput("bad-102", ["", String(repeating: "k", count: 256), "é"].map(keyed)),
    ]

    private static let paths = [
        MalformedInput(
            "bad-087", ["/v1/orgs/../../etc/passwd", "//v1//organizations//1"].map(TestRequest.get), statuses: [404]),
        MalformedInput(
            "bad-088",
            [
                "/v1/organizations/%2e%2e%2f", "/v1/organizations/%252e", "/v1/organizations/..%5c",
                "/v1/organizations/1;jsessionid=1",
            ]
            .map(TestRequest.get), statuses: [404]),
        MalformedInput(
            "bad-090", [.get("/v1/organizations/" + String(repeating: "1", count: 10_000))], statuses: [404, 414]),
        MalformedInput("bad-093", [.get("/v1/organizations/1/channels?cursor=00aa")]),
        MalformedInput(
            "bad-094",
            [
                .get("/v1/organizations/1/events?since=2026-13-01"),
                .get("/v1/organizations/1/events?since=2026-02-02T00:00:00Z&until=2026-02-01T00:00:00Z"),
            ]),
        MalformedInput(
            "bad-099",
            ["sort=created_at;select", "sort=(select%201)"].map { .get("/v1/organizations/1/channels?\($0)") }),
        MalformedInput(
            "bad-100", ["$.a[?(@.x)]", "$[#]"].map { .get("/v1/organizations/1/events?filter=\($0)") },
            statuses: [400, 404]),
    ]
}

extension MalformedInput {
    private static let sound = #"{"name":"changed","owner_user_id":11}"#

    private static let dates = [
        "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "0000-01-01T00:00:00Z",
        "+10000-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-01-01",
    ]

    private static let uuids = [
        "0197A3C0-7D5E-7C3A-9D9E-2F0C5C0F5A11", "0197a3c0-7d5e-7c3a-9d9e-2f0c5c0f5a1",
        "0197a3c0-7d5e-7c3a-9d9e-2f0c5c0f5a111",
        "{0197a3c0-7d5e-7c3a-9d9e-2f0c5c0f5a11}",
    ]

    /// A body with the number written this way.
    private static func owner(_ number: String) -> String { #"{"name":"changed","owner_user_id":\#(number)}"# }

    /// A body with these bytes in a string.
    private static func name(_ bytes: [UInt8]) -> [UInt8] {
        Array(#"{"owner_user_id":11,"name":"x"#.utf8) + bytes + Array(#""}"#.utf8)
    }

    private static func nested(_ open: String, _ close: String, inside: String = "") -> String {
        String(repeating: open, count: 20_000) + inside + String(repeating: close, count: 20_000)
    }

    private static func two(_ name: HTTPField.Name, _ value: String) -> HTTPFields {
        var fields = HTTPFields()
        fields.append(HTTPField(name: name, value: value))
        fields.append(HTTPField(name: name, value: value))
        return fields
    }

    private static func keyed(_ key: String) -> TestRequest {
        var request = TestRequest.event(TestInput.event().compactText)
        if let name = HTTPField.Name("Idempotency-Key") { request.headers[name] = key }
        return request
    }
}

extension String {
    fileprivate func utf16(bigEndian: Bool) -> (mark: [UInt8], text: [UInt8]) {
        let text = utf16.flatMap { unit in
            withUnsafeBytes(of: bigEndian ? unit.bigEndian : unit.littleEndian, Array.init)
        }
        return ((bigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]) + text, text)
    }
}

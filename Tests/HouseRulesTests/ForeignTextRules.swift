import Testing

/// Swift's `String` compares, hashes and splits by grapheme clusters, which takes quadratic time for some inputs
/// (`ForeignText` says why). Where untrusted bytes are read, texts are compared byte by byte.
@Suite("House rules: texts from outside")
struct ForeignTextRules {
    /// Where untrusted texts are read: the parsers and the edges.
    static let edges = [
        "Sources/Notifications/Channels/", "Sources/Notifications/Deliveries/RetryAfter.swift",
        "Sources/Notifications/Egress/AddressRange.swift", "Sources/Notifications/Egress/URLAuthority.swift",
        "Sources/Notifications/Egress/IPAddress.swift", "Sources/Notifications/Egress/OutboundURL",
        "Sources/Notifications/Egress/WebAddress.swift", "Sources/Notifications/Events/", "Sources/Notifications/JSON/",
        "Sources/Notifications/Organizations/", "Sources/Notifications/Subscriptions/",
        "Sources/Notifications/Transport/", "Sources/Notifications/Values/",
        "Sources/OutboundHTTP/", "Sources/WebServing/Admission/", "Sources/WebServing/Answers/",
        "Sources/WebServing/Middleware/", "Sources/WebServing/Reading/", "Sources/WebServing/Routing/APIContext.swift",
        "Sources/WebServing/Routing/SpecialPaths.swift", "Sources/WebServing/Server/", "Sources/WebAPI/",
        "Sources/WebPages/", "Sources/runbell/Receive/",
    ]

    /// Exempt parts of these that only show values: the API's description, templates, and views that look at the
    /// service's own words.
    static let inside =
        ["Sources/WebAPI/OpenAPI/", "Sources/WebPages/Rendering/"]
        + ["AuditLine", "ChannelForm", "Field", "Health", "Replay", "State", "Subscription", "TestResult", "Time"].map {
            "/\($0)View.swift"
        }

    /// Lines that are correct as they are, and why. The beginning of the line is enough.
    static let exceptions: [String: String] = [
        "case \"&\": \"&amp;\"": "a single code point", "case \"<\": \"&lt;\"": "a single code point",
        "case \">\": \"&gt;\"": "a single code point", "case \"\\\"\": \"&quot;\"": "a single code point",
        "case \"'\": \"&#39;\"": "a single code point",
        "case \"user\": \"user": "actors are the service's own words", "case \"key\": \"a service key\"": "the same",
        "case \"system\": \"Runbell\"": "the same",
        "if members.count < 16 { return !members.contains { $0.name == name } }": "names are ForeignText",
        "let message = { (field: String) in": "names of fields have 64 bytes at most",
        "return String(decoding: text.prefix { $0 != 0 }": "bytes of the C library",
        "method = HTTPMethod(rawValue:": "one of our own methods",
        "if text.contains(\"": "texts of our own TLS library",
        "let text = html.replacing(/<br": "shown by `runbell receive` to who started it",
        "var headers: [String: String] = [:]": "names of header fields, which are ASCII",
        "let headers: [String: String]": "the same",
        "headers: [String: String] = [:], body: [UInt8]": "the same",
        "func result(headers: [String: String]": "the same",
        "private static let reserved: Set<String>": "asked for names of our own requests' fields",
        "private var names: [String: Kept] = [:]": "checked host names",
        "private var failing: Set<String> = []": "the same",
        "private(set) var flights: [String: Flight] = [:]": "the same",
    ]

    @Test("Texts of others are looked up, sorted and compared by their bytes")
    func edgesCompareBytes() {
        let files = ProjectFile.sources.filter { file in
            Self.edges.contains { file.path.hasPrefix($0) } && !Self.inside.contains { file.path.contains($0) }
        }
        #expect(files.count > 100)
        for file in files {
            for (number, line) in zip(file.code, file.lines).enumerated() {
                guard let found = Self.error(code: line.0, raw: String(line.1)), !Self.isExcepted(line.1) else {
                    continue
                }
                Issue.record("\(file):\(number + 1) \(found): \(line.1.trimmed)")
            }
        }
    }

    @Test("The look for comparisons of texts finds them, and nothing else")
    func look() {
        for line in [
            #"if name == "x" {"#, #"guard "x" != name else {"#, #"names.contains("x")"#, #"a.hasPrefix(b)"#,
            #"a.split(separator: ",")"#, "var a: Set<String> = []", "let a: [String: Int] = [:]", "names.sorted()",
            "Role(rawValue: word)", #"a.replacing("x", with: y)"#, "a.hasSuffix(x)",
            "word.flatMap(Role.init(rawValue:))",
            "$0.name == name", "member.key != other", "url.host == host",
            #"while let first = text.first, first == " " {"#, "text.prefix(200)",
            "field.text == other.text", "form.text(field) == visitor.token",
            #"form.text("origin") != Origin.page.word"#,
            "guard token == form.filled(field) else {", "(form.filled(field) ?? standard) == token",
            #"text.prefix { $0 != ";" }"#, #"case "a": 1"#, "String(number) == text",
        ] {
            #expect(Self.error(line) != nil, "\(line)")
        }
    }

    @Test("What compares numbers, bytes or our own cases is let through")
    func whatIsFineIsLetThrough() {
        for line in [
            "a.utf8.count == 3", "if version == 2 {", "guard part.first != UInt8(ascii: \"0\") else {", "state == .due",
            "let text = \"a == b\"", "// name == \"x\"", "bytes.prefix(200)", "a.sameBytes(as: \"x\")", "x != nil",
            "ids.sorted { $0 < $1 }", "TestStatus.init(rawValue:)", "utf8.contains(UInt8(ascii: \"x\"))",
            "a.utf8.prefix(3)",
            #"if text("limit") == nil {"#, "texts.filter { settings.text($0) != nil }", "case 200: true",
            "text.prefix(bytes: 200)", "case .text(let bytes): 1", "head.status == .badRequest",
        ] {
            #expect(Self.error(line) == nil, "\(line)")
        }
    }

    private static func error(_ line: String) -> String? {
        error(code: SwiftCode.lines(of: line).first ?? "", raw: line)
    }

    /// What a line wrongly does with texts; nil if nothing was found.
    private static func error(code: String, raw: String) -> String? {
        if let word = words.first(where: { code.contains($0.word) }) { return word.instead }
        let compares = code.contains("==") || code.contains("!=")
        if compares,
            code.contains(#/\.(name|key|text|word|string|position|host|path)\s*[!=]=|[!=]=\s*(text|name|key|word)\b/#),
            !code.contains(#/[!=]=\s*(nil|\.|[0-9])/#)
        {
            return "compares texts: use sameBytes(as:), or ForeignText"
        }
        if compares,
            code.contains(#/\.(text|filled)\([^()]*\)[^=!,.]*[!=]=|[!=]=\s*[\w.]*\.(text|filled)\(/#),
            !code.contains(#/[!=]=\s*nil/#)
        {
            return "compares texts of a form: use says(_:in:)"
        }
        // \x7B is a brace.
        if code.contains("fix"), !code.contains("prefix(bytes:"),
            code.contains(#/(text|name|key|header|word|title)(\?)?\.(prefix|suffix)(\(\w|\s*\x7B)/#)
        {
            return "cuts by characters, of which one may have a megabyte: use prefix(bytes:)"
        }
        return comparesLiteral(code, raw) ? "compares with a literal: use sameBytes(as:)" : nil
    }

    private static let words: [(word: String, instead: String)] = [
        ("Set<String>", "makes texts unique: use Set<ForeignText>"), ("Set<Substring>", "use Set<ForeignText>"),
        ("[String:", "looks texts up: use ForeignText as the key"), (".hasPrefix", "use startsWithBytes(of:)"),
        (".hasSuffix", "compares characters"), (".sorted()", "sorts: use ForeignText"),
        (".replacing(", "compares characters: use replacingBytes(of:with:)"),
    ]

    /// Finds a comparison, split, search or case with a literal of letters, and an enumeration made from a word.
    private static func comparesLiteral(_ code: String, _ raw: String) -> Bool {
        guard raw.utf8.contains(UInt8(ascii: "\"")) || code.contains("rawValue:") else { return false }
        let (code, raw) = (Array(code.utf8), Array(raw.utf8))
        guard code.count == raw.count else { return false }
        // The literals' quotes are blank in the code.
        let marked = String(
            decoding: zip(code, raw).map { $0 == UInt8(ascii: " ") && $1 == UInt8(ascii: "\"") ? $1 : $0 },
            as: UTF8.self)
        let isWord = marked.replacing(#/TestStatus(\.init)?\(rawValue:/#, with: "").contains("(rawValue:")
        return isWord
            || marked.contains(#/[!=]= *"|" *[!=]=|\.(contains|firstIndex\(of:|split\(separator:) *\(?"|^ *case "/#)
    }

    private static func isExcepted(_ line: Substring) -> Bool {
        exceptions.keys.contains { line.trimmed.hasPrefix($0) }
    }
}

extension Substring {
    fileprivate var trimmed: Substring { drop { $0 == " " } }
}

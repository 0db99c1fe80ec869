import Foundation
import Notifications
import Testing

@Suite struct JSONParserTests {
    /// Members and elements count, at every depth, and a document may have exactly as many as the limit says.
    @Test(arguments: [("[1,2,3,4]", 4), (#"{"a":[1,{}],"b":2}"#, 4), (#"{"a":1}"#, 1), ("[[[]]]", 2)])
    func countsItems(_ text: String, _ items: Int) throws {
        _ = try JSONValue.parse(text.utf8, limits: JSONLimits(items: items))
        #expect(throws: JSONError.self) { try JSONValue.parse(text.utf8, limits: JSONLimits(items: items - 1)) }
    }

    @Test(arguments: [
        "", " ", "{", "}", "[", "]", "[1,]", "[,1]", "[1 2]", #"{"name":"x",}"#, #"{"name":"x"}{"name":"y"}"#, "{} {}",
        "[] x", "{'name':'x'}", #"{name:"x"}"#, #"{"a" 1}"#, #"{"a":}"#, #"{"a"}"#, #"{,}"#, "NaN", "Infinity",
        "-Infinity",
        "01", "-01", "00", "+1", "1.", ".5", "-", "0x1", "1e", "1e+", "1.e3", "1_000", "1e400", "-1e400", "1.5.2",
        "1-2",
        "nul", "nulll", "tru", "True", "falsy", "undefined", "// no\n1", "/* no */1", "\"", "\"a", #""\"#, #""\x""#,
        #""\u12""#, #""\u12G4""#, #""\u+123""#, #""\U0041""#, #""\u{41}""#, "\"\t\"", "\"\n\"", "\"\u{1}\"",
        #""\u0000""#, #"{"name":"x\u0000y"}"#, #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#,
        #""\ud83d\u0041""#, #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, "9223372036854775808", "-9223372036854775809",
        "18446744073709551616", "\u{B}1", "\u{A0}1", "\u{FEFF}1", "1\u{FEFF}", "\u{0}", "1\u{0}",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue.parse(text.utf8) }
    }

    @Test(
        arguments: [
            ("UTF-16 little endian", [0x7B, 0, 0x7D, 0]), ("UTF-16 big endian", [0, 0x7B, 0, 0x7D]),
            ("UTF-16 with a mark", [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]), ("UTF-32", [0x7B, 0, 0, 0, 0x7D, 0, 0, 0]),
            ("byte order mark", [0xEF, 0xBB, 0xBF, 0x7B, 0x7D]), ("overlong", [0x22, 0xC0, 0xAF, 0x22]),
            ("overlong NUL", [0x22, 0xC0, 0x80, 0x22]), ("surrogate", [0x22, 0xED, 0xA0, 0x80, 0x22]),
            ("surrogate", [0x22, 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80, 0x22]), ("lone byte", [0x22, 0x80, 0x22]),
            ("cut sequence", [0x22, 0xE2, 0x82, 0x22]), ("beyond Unicode", [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22]),
            ("Latin-1", [0x22, 0xE9, 0x22]), ("behind the document", [0x31, 0x20, 0xFF]),
        ] as [(String, [UInt8])])
    func refusesBytes(_ name: String, _ bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONValue.parse(bytes) }
    }

    @Test(
        arguments: [
            ("null", .null), (" \t\r\n true \n", .bool(true)), ("false", .bool(false)), ("0", 0), ("-0", 0),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9007199254740993", 9_007_199_254_740_993), ("1.5", .number(1.5)), ("1e2", .number(100)),
            ("-1E-2", .number(-0.01)),
            ("1.0", .number(1)), ("[]", []), ("[[],{}]", [[], [:]]), (#"{"a":{"b":[1,"x"]}}"#, ["a": ["b": [1, "x"]]]),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u0041""#, "\u{E9}A"),
            (#""\uD83D\uDE00""#, "😀"),
            (#""\uDBFF\uDFFF""#, "\u{10FFFF}"), (#""\uD800\uDC00""#, "\u{10000}"), (#""a\u0301""#, "a\u{301}"),
            (#""\n\u0301x""#, "\n\u{301}x"), (#""\r\n""#, "\r\n"),
            ("\"\u{FFFE}\u{10FFFF}\u{7F}\"", "\u{FFFE}\u{10FFFF}\u{7F}"),
            (#""""#, ""), ("\"\u{2028}\"", "\u{2028}"),
        ] as [(String, JSONValue)])
    func takes(_ text: String, _ value: JSONValue) throws {
        let parsed = try JSONValue.parse(text.utf8)
        #expect(parsed == value)
        // Canonically equivalent texts compare equal, so the scalars are compared too.
        #expect(parsed.string.map { Array($0.unicodeScalars) } == value.string.map { Array($0.unicodeScalars) })
    }

    /// Names that look the same but have different bytes are different names.
    @Test func namesAreComparedByTheirBytes() throws {
        let value = try JSONValue.parse("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8)
        #expect(value["\u{E9}"] == 1 && value["e\u{301}"] == 2)
        #expect(JSONValue.string("\u{E9}") != JSONValue.string("e\u{301}"))
        #expect(Set<JSONValue>(["\u{E9}", "e\u{301}", "\u{E9}"]).count == 2)
        #expect(throws: JSONError.self) { try JSONValue.parse("{\"e\u{301}\":1,\"\\u0065\\u0301\":2}".utf8) }
    }

    @Test func longNamesAreRefused() throws {
        let longest = String(repeating: "\u{301}", count: 128)
        #expect(try JSONValue.parse("{\"\(longest)\":1}".utf8)[longest] == 1)
        #expect(throws: JSONError.self) { try JSONValue.parse("{\"\(longest)a\":1}".utf8) }
        #expect(throws: JSONError.self) { try JSONValue.parse("[{\"\\u0301\(longest)\":1}]".utf8) }
    }

    @Test(arguments: ["[", "{\"a\":", "[[],"])
    func refusesDeepNesting(_ opening: String) {
        let deep = String(repeating: opening, count: 100_000)
        #expect(throws: JSONError.self) { try JSONValue.parse(deep.utf8) }
    }

    @Test func refusesDeepNestingThatIsBalanced() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(deep.utf8) }
        #expect(error?.message == "The JSON is nested deeper than 32 levels.")
    }

    @Test func nestsAsDeepAsTheLimitSays() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue.parse(nested(33).utf8)
        #expect(throws: JSONError.self) { try JSONValue.parse(nested(34).utf8) }
    }

    @Test func refusesTooManyItems() {
        let objects = "[" + Array(repeating: "{}", count: 1_000_000).joined(separator: ",") + "]"
        #expect(throws: JSONError.self) { try JSONValue.parse(objects.utf8) }
        let members = "{" + (0..<100_000).map { #""k\#($0)":1"# }.joined(separator: ",") + "}"
        #expect(throws: JSONError.self) { try JSONValue.parse(members.utf8) }
    }

    @Test func findsADuplicateNameAmongMany() throws {
        let names = (0..<2000).map { #""k\#($0)":1"# }
        let object = try JSONValue.parse("{\(names.joined(separator: ","))}".utf8)
        #expect(object.object?.members.count == 2000)
        for double in ["k0", "k14", "k15", "k16", "k1999"] {
            let text = "{\(names.joined(separator: ",")),\"\(double)\":1}"
            #expect(throws: JSONError.self) { try JSONValue.parse(text.utf8) }
        }
    }

    @Test func messagesContainNothingOfTheText() {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(#"{"password":hunter2}"#.utf8) }
        #expect(error?.message.contains("hunter2") == false)
    }

    @Test func keepsTheOrderOfMembers() throws {
        #expect(try JSONValue.parse(#"{"z":1,"a":2,"m":3}"#.utf8).object?.keys == ["z", "a", "m"])
    }
}

/// The cases that all parts of the project share.
@Suite struct MalformedInputTests {
    @Test func everyListedBodyIsRefusedAsAnEvent() throws {
        let cases = try JSONValue.parse(DataFile.shared("malformed-inputs.json")).array ?? []
        let bodies = cases.compactMap { $0["body"]?.string }
        #expect(bodies.count >= 15)
        for body in bodies {
            #expect(throws: (any Error).self, "\(body)") {
                _ = try EventContent(reading: JSONValue.parse(body.utf8))
            }
        }
    }
}

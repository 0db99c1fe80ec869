import Notifications
import Testing

@Suite struct FieldReaderTests {
    @Test func reportsAllErrorsAtOnce() {
        var fields = FieldReader(
            [
                "number": "7", "small": 11, "flag": 1, "text": 5, "long": "abcdef", "blank": " \u{200B} ",
                "control": "a\nb",
                "time": "2026-02-30T00:00:00Z", "list": "x", "many": [1, 2, 3], "null": nil, "optional_null": nil,
                "unknown": true,
            ], path: "events[3]")
        _ = fields.integer("number")
        _ = fields.integer("small", in: 0...10)
        _ = fields.bool("flag")
        _ = fields.text("text", bytes: 10)
        _ = fields.text("long", bytes: 5)
        _ = fields.text("blank", bytes: 10)
        _ = fields.text("control", bytes: 10)
        _ = fields.time("time")
        _ = fields.array("list", atMost: 2)
        _ = fields.array("many", atMost: 2)
        _ = fields.integer("null")
        _ = fields.integer("optional_null", .optional)
        _ = fields.integer("missing")
        let errors = #expect(throws: InvalidInput.self) { try fields.finish() }?.errors.map(\.field)
        #expect(
            errors
                == [
                    "number", "small", "flag", "text", "long", "blank", "control", "time", "list", "many", "null",
                    "optional_null", "missing", "unknown",
                ].map { "events[3].\($0)" })
    }

    @Test func readsValidFields() throws {
        var fields = FieldReader([
            "number": 7, "flag": true, "text": "a\u{301} b", "line": "a\nb", "time": "2026-11-23T10:12:30Z",
            "list": [1],
            "nothing": nil,
        ])
        #expect(fields.integer("number", in: 7...7) == 7)
        #expect(fields.bool("flag") == true)
        #expect(fields.text("text", bytes: 5) == "a\u{301} b")
        #expect(fields.text("line", bytes: 5, controls: .taken) == "a\nb")
        #expect(fields.time("time") == Timestamp(seconds: 1_795_428_750))
        #expect(fields.array("list", atMost: 1) == [1])
        #expect(fields.integer("nothing", .orNull) == nil)
        #expect(fields.integer("absent", .optional) == nil)
        try fields.finish()
    }

    @Test(arguments: [[], "x", 1, nil, true] as [JSONValue])
    func asksForAnObject(_ value: JSONValue) {
        var fields = FieldReader(value)
        #expect(throws: InvalidInput("body", "Must be a JSON object.")) { try fields.finish() }
    }

    @Test(arguments: ["1", .number(1.5), nil, true, [], [:]] as [JSONValue])
    func takesNothingButWholeNumbersForOne(_ value: JSONValue) {
        var fields = FieldReader(["n": value])
        #expect(fields.integer("n") == nil)
        #expect(fields.errors.map(\.field) == ["n"])
    }

    @Test(arguments: ["true", 1, 0, "yes", nil] as [JSONValue])
    func takesNothingButBooleansForOne(_ value: JSONValue) {
        var fields = FieldReader(["flag": value])
        #expect(fields.bool("flag") == nil)
        #expect(fields.errors.map(\.field) == ["flag"])
    }

    @Test(arguments: ["", " ", "\u{A0}\u{2003}", "\u{200B}\u{FEFF}", "\u{301}", "\t"])
    func asksForSomethingVisible(_ text: String) {
        var fields = FieldReader(["name": .string(text)])
        #expect(fields.text("name", bytes: 100, controls: .taken) == nil)
        #expect(fields.errors.count == 1)
    }

    @Test func cutsALongUnknownName() {
        var fields = FieldReader(.object(JSONObject([.init(key: String(repeating: "x", count: 5000), value: 1)])))
        let error = #expect(throws: InvalidInput.self) { try fields.finish() }
        #expect(error?.errors.first?.field.count == 64)
    }
}

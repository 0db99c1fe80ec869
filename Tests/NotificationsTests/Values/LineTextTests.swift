import Notifications
import Testing

@Suite struct LineTextTests {
    @Test(arguments: [
        "Web shop", "Łódź", "e\u{301}", "\u{1F469}\u{200D}\u{1F4BB} team", "\u{645}\u{6CC}\u{200C}\u{62E}",
        "\u{2764}\u{FE0F}",
        "\u{915}\u{94D}\u{200D}\u{937}", "\u{5E9}\u{5DC}", "a\u{A0}b",
    ])
    func takes(_ text: String) {
        #expect(LineText.error(in: text, bytes: 200) == nil)
    }

    @Test(arguments: [
        "", " ", "\u{301}", "a\u{0}", "a\u{1B}[31m", "a\r\nb", "a\u{85}", "a\u{2028}b", "a\u{202E}b", "a\u{2066}b",
        "a\u{200F}",
        "a\u{200B}b", "ad\u{200D}min", "\u{200C}a", "a\u{2060}b", "\u{FEFF}a", "a\u{AD}b", "\u{3164}a", "a\u{E0061}",
        "a\u{34F}b",
        "\u{5E9}\u{202E}\u{200D}",
    ])
    func refuses(_ text: String) {
        #expect(LineText.error(in: text, bytes: 200)?.hasSuffix(".") == true)
    }

    @Test func theLengthIsInBytes() {
        #expect(LineText.error(in: String(repeating: "\u{E9}", count: 100), bytes: 200) == nil)
        #expect(LineText.error(in: String(repeating: "\u{E9}", count: 101), bytes: 200) != nil)
    }

    /// Output for a terminal cannot control it, and means the same to a program.
    @Test func deceptiveCharactersAreEscapedInOutput() throws {
        let value: JSONValue = [
            "a\u{202E}": ["\u{E9}\u{200B}x", "\u{1F469}\u{200D}\u{1F4BB}", "\u{E0061}", "\u{7F}\u{9B}1m"]
        ]
        let shown = String(decoding: value.shownBytes, as: UTF8.self)
        #expect(shown.sameBytes(as: #"{"a\u202e":["é\u200bx","👩\#u{200D}💻","\udb40\udc61","\u007f\u009b1m"]}"#))
        #expect(try JSONValue.parse(value.shownBytes) == value)
    }
}

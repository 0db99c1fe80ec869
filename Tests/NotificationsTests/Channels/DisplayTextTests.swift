import Notifications
import Testing

@Suite struct DisplayTextTests {
    @Test(arguments: [
        ("plain é 😀", "plain é 😀"), ("a\r\nb\tc\u{0}d\u{85}e\u{2028}f", "a  b c d e f"),
        ("a\u{202E}b\u{2066}c\u{200F}", "abc"), ("ad\u{200B}m\u{2060}i\u{FEFF}n\u{AD}\u{3164}\u{E0061}", "admin"),
        ("ad\u{200D}min", "admin"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
    ])
    func makesOneLine(_ text: String, _ line: String) {
        #expect(DisplayText.line(text) == line)
    }

    @Test(arguments: [
        ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("abc", 1, "…"), ("", 3, ""), ("ab👩‍👩‍👧", 5, "ab…"),
        ("e\u{301}e\u{301}x", 4, "e\u{301}…"),
    ])
    func cutsBehindAWholeCharacter(_ text: String, _ limit: Int, _ cut: String) {
        #expect(DisplayText.cut(text, to: limit) == cut)
    }

    @Test func countsTheEscapes() {
        let cut = DisplayText.cut("&&&&", to: 12) { $0 == "&" ? "&amp;" : nil }
        #expect(cut == "&amp;&amp;…")
        #expect(DisplayText.cut("&&", to: 10) { $0 == "&" ? "&amp;" : nil } == "&amp;&amp;")
    }

    @Test func cutsACharacterThatIsTooLong() {
        let cut = DisplayText.cut("Z" + String(repeating: "\u{301}", count: 5000), to: 100)
        #expect(cut.utf16.count == 100)
        #expect(cut.unicodeScalars.first == "Z")
    }
}

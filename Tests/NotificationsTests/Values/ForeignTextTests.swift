import Notifications
import Testing

@Suite struct ForeignTextTests {
    @Test func isComparedByItsBytes() {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        #expect(ForeignText(composed) != ForeignText(decomposed))
        #expect(Set([ForeignText(composed), ForeignText(decomposed), ForeignText(composed)]).count == 2)
        #expect([ForeignText("b"), "\u{E9}", "a", ""].sorted() == ["", "a", "b", "\u{E9}"])
        #expect(!composed.sameBytes(as: decomposed) && composed.sameBytes(as: "\u{E9}"))
        #expect("e\u{301}".startsWithBytes(of: "e") && !"\u{E9}".startsWithBytes(of: "e"))
        #expect(EventType(word: "test.started") == .testStarted && EventType(word: "test.started\u{301}") == nil)
    }

    @Test func piecesAreBetweenBytes() {
        #expect("a=b=c".pieces(between: "=") == ["a", "b", "c"])
        #expect("a=b=c".pieces(between: "=", atMost: 2) == ["a", "b=c"])
        #expect("=".pieces(between: "=") == ["", ""] && "".pieces(between: "=") == [""])
        #expect("a=\u{301}b".pieces(between: "=") == ["a", "\u{301}b"])
    }

    @Test(arguments: [
        ("aXbX", "X", "--", "a--b--"), ("aaa", "aa", "b", "ba"), ("", "a", "b", ""),
        ("a+\u{301}", "+", " ", "a \u{301}"),
        ("https://x", "://", ":", "https:x"), ("{a}", "{a}", "", ""),
    ])
    func replacesBytes(_ text: String, _ old: String, _ new: String, _ result: String) {
        #expect(text.replacingBytes(of: old, with: new).sameBytes(as: result))
    }

    @Test func cutsAfterWholeCodePoints() {
        #expect("abc".prefix(bytes: 2) == "ab" && "abc".prefix(bytes: 9) == "abc" && "abc".prefix(bytes: 0) == "")
        #expect("a\u{E9}".prefix(bytes: 2) == "a" && "a\u{E9}".prefix(bytes: 3) == "a\u{E9}")
        #expect("\u{1F600}x".prefix(bytes: 3) == "")
        #expect(("a" + String(repeating: "\u{301}", count: 100_000)).prefix(bytes: 200).utf8.count == 199)
    }
}

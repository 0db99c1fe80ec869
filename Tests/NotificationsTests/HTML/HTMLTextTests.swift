import Notifications
import Testing

@Suite struct HTMLTextTests {
    @Test(
        arguments: [
            ("plain", "plain"), ("  a \n b\t", "a b"), ("a<br>b<br/>c", "a\nb\nc"), ("<p>a</p><p>b</p>", "a\nb"),
            ("a<br><br>b", "a\n\nb"), ("<div>a</div> <div> b </div>", "a\nb"), ("<ul><li>a<li>b</ul>c", "- a\n- b\nc"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
            ("<pre>a\n  b</pre>c", "a\n  b\nc"), ("<b>a</b><i>b</i>", "ab"),
            ("&lt;b&gt; &amp;amp; &#65;&#x42; &quot;&apos;&nbsp;&hellip;", "<b> &amp; AB \"' …"),
            (
                "&unknown; &; &#; &#xg; &#99999999; &#0;&#xD800; &amp",
                "&unknown; &; &#; &#xg; \u{FFFD} \u{FFFD}\u{FFFD} &amp"
            ),
            ("a < b <3 <- </ b> </>", "a < b <3 <-"), ("a<!-- <b> -->b<!doctype html>c<?x?>d", "abcd"),
            ("a<script>if (1<2) { x(\"</b>\") }</script>b<STYLE>p {}</style >c", "abc"),
            ("a<script>never ends", "a"), ("a<!-- never ends", "a"), ("a<b title=\"x>y\">b</b>", "ab"),
            ("a<b title='never ends>b", "a"), ("a<b", "a"), ("a<", "a<"),
            ("<img src=x alt=\"passed &lt;1&gt;\"> 12", "passed <1> 12"),
            ("<a href=\"https://ci.example.org/12\">build 12</a>.", "build 12 (https://ci.example.org/12)."),
            ("<a href=https://ci.example.org/>https://ci.example.org/</a>", "https://ci.example.org/"),
            ("<a href=\"javascript:alert(1)\">x</a><a name=y>z</a>", "xz"),
            ("<A HREF='http://a.example'>B</A>", "B (http://a.example)"),
            ("<a =\"x\" / href = \"http://a.example\">b</a>", "b (http://a.example)"),
        ])
    func reads(_ html: String, _ text: String) {
        #expect(HTMLText(html).text == text)
    }

    @Test(
        arguments: [
            "plain & simple > that", "<b>a</b><br>b<br/>c<br />", "<ul>\n<li>a</li></ul>", "<i><em>é 😀</em></i>",
            "<a href=\"https://ci.example.org/?a=1&amp;b=2\">a &lt;b&gt;</a>", "<a href=\"http://a.example/\">b</a>",
            "<table><tr><td>a</td></tr></table><pre>b\n\tc</pre><code>d</code>", "&#60;script&#62;",
        ])
    func letsPass(_ html: String) {
        #expect(HTMLText(html).isHarmless)
    }

    @Test(
        arguments: [
            "<script>x</script>", "<b onclick=\"x\">a</b>", "<b >a</b>", "<B>a</B>", "<b>a", "a</b>", "<b><i>a</b></i>",
            "<img src=\"https://a.example/x.png\">", "<a>b</a>", "<a href=\"javascript:alert(1)\">b</a>",
            "<a href=\"https://a.example/\" target=\"_top\">b</a>", "<a href='https://a.example/'>b</a>",
            "<a href=https://a.example/>b</a>", "<a href=\"https://a.example/&quot;x\">b</a>",
            "<a href=\"https://user@a.example/\">b</a>", "<a href=\"//a.example/\">b</a>", "<span>a</span>", "<x>a</x>",
            "a < b", "a<", "<!-- a -->", "<b", "<style>p {}</style>", "a\u{0}b", "a\u{202E}b", "a\rb", "</br>",
            "<a\nhref=\"https://a.example/\">b</a>", "<br/ >", "<svg></svg>", "<b/>a</b>", "a&#8238;b", "a&#x202e;b",
        ])
    func stops(_ html: String) {
        #expect(!HTMLText(html).isHarmless)
    }

    @Test func findsTheFirstLink() {
        #expect(HTMLText("<a href=\"https://a.example/\">a</a> <a href=x>b</a>").link == "https://a.example/")
        #expect(HTMLText("https://a.example/").link == nil)
    }

    /// Input of twice the length may cost a little more than twice. What other tests cost meanwhile is no reason: one of
    /// some measurements is enough, and quadratic cost shows in all of them.
    @Test(arguments: [
        "<", "<a ", "<b>", "</b>", "<!--", "&", "&#", "&amp;", "<a href='", "<a href=x>", "=", "<script>", "</script",
        "<p>",
        "<pre> ", "<x y=\"", "\" '", "<br>", "é\u{301}", "<li>a",
    ])
    func costsLinear(_ piece: String) {
        func cost(_ count: Int) -> Duration {
            let html = String(repeating: piece, count: count)
            return (0..<3).map { _ in ContinuousClock().measure { _ = HTMLText(html) } }.min() ?? .zero
        }
        let costs = (0..<10).lazy.map { _ in (one: cost(4000), eight: cost(32_000)) }
        #expect(costs.contains { $0.eight < $0.one * 24 + .milliseconds(20) }, "\(piece)")
    }
}

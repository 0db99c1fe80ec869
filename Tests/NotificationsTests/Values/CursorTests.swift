import Notifications
import Testing

@Suite struct CursorTests {
    @Test(arguments: ["0", "42", "9223372036854775807", "0198c0de-0000-7000-8000-000000000001", "é"])
    func readsItsOwn(_ position: String) {
        #expect(Cursor(text: Cursor(position: position).text(of: "/list"), of: "/list")?.position == position)
    }

    @Test func refusesEveryMangledOne() {
        let text = Array(Cursor(position: "0198c0de-0000-7000-8000-000000000001").text(of: "/list").utf8)
        for index in text.indices {
            for digit in "0123456789abcdefABCDEFgz-".utf8 where digit != text[index] {
                var mangled = text
                mangled[index] = digit
                #expect(Cursor(text: String(decoding: mangled, as: UTF8.self), of: "/list") == nil)
            }
            #expect(Cursor(text: String(decoding: text.prefix(index), as: UTF8.self), of: "/list") == nil)
        }
    }

    @Test(arguments: ["", "0", "00000000", "🙂", "' OR 1=1 --", String(repeating: "a", count: 100_000)])
    func refusesForeignTexts(_ text: String) {
        #expect(Cursor(text: text, of: "/list") == nil)
    }
}

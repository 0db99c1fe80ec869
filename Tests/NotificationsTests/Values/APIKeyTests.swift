import Notifications
import Testing

@Suite struct APIKeyTests {
    @Test func readsItsOwn() throws {
        let key = APIKey()
        let text = key.reveal()
        #expect(text.wholeMatch(of: /rb_[0-9A-Za-z]{61}/) != nil)
        let read = try #require(APIKey(text))
        #expect(read.publicID == key.publicID)
        #expect(Array(read.hash) == Array(key.hash))
        #expect(text.hasPrefix(key.prefix))
    }

    @Test func refusesAThousandMutatedKeys() {
        let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-".utf8)
        for _ in 0..<1000 {
            var bytes = Array(APIKey().reveal().utf8)
            let index = Int.random(in: bytes.indices)
            let digit = digits.filter { $0 != bytes[index] }.randomElement() ?? 0
            bytes[index] = digit
            #expect(APIKey(String(decoding: bytes, as: UTF8.self)) == nil)
        }
    }

    @Test func refusesOtherLengthsAndForms() {
        let text = APIKey().reveal()
        for other in [
            "", "rb_", text + "0", String(text.dropLast()), " " + text, text + "\n", text.uppercased(),
            "é" + text.dropFirst(2),
        ] {
            #expect(APIKey(other) == nil)
        }
    }

    @Test func showsOnlyItsPublicPart() {
        let key = APIKey()
        let secret = key.reveal().dropFirst(key.prefix.count)
        for shown in shownForms(of: key) { #expect(!shown.contains(secret.prefix(8))) }
        #expect("\(key)".hasPrefix(key.prefix))
    }
}

/// All the ways in which a value can end up in a log.
func shownForms(of value: some Any) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    var dumpedInArray = ""
    dump([value], to: &dumpedInArray)
    return ["\(value)", String(describing: value), String(reflecting: value), "\([value])", dumped, dumpedInArray]
}

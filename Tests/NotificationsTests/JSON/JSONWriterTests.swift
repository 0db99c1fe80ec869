import Foundation
import Notifications
import Testing

@Suite struct JSONWriterTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-1", "9223372036854775807", "1.5", "[]", "{}", #"[1,"a",null,[],{}]"#,
        #"{"z":1,"a":{"b":[true]}}"#, #""\"\\/\n\r\t\u0001\u001f""#, "\"é\u{301}😀\u{FFFE}\u{10FFFF}\u{2028}\u{7F}\"",
        #""""#,
    ])
    func writesWhatWasRead(_ text: String) throws {
        #expect(try Array(JSONValue.parse(text.utf8).compactBytes) == Array(text.utf8))
    }

    @Test func agreesWithFoundation() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let value = JSONValue.random(depth: 4, using: &generator)
            let foreign = try JSONSerialization.jsonObject(with: Data(value.compactBytes), options: .fragmentsAllowed)
            let rewritten = try JSONSerialization.data(
                withJSONObject: foreign, options: [.fragmentsAllowed, .sortedKeys])
            #expect(try JSONValue.parse(rewritten).sorted == value.sorted)
            #expect(try JSONValue.parse(value.compactBytes) == value)
        }
    }

    @Test func writesNoInfinity() {
        #expect(JSONValue.array([.number(.infinity), .number(.nan)]).compactText == "[null,null]")
    }
}

extension JSONValue {
    /// Members sorted by name, since Foundation's objects have no order.
    fileprivate var sorted: JSONValue {
        switch self {
        case .array(let items): .array(items.map(\.sorted))
        case .object(let object):
            .object(
                JSONObject(
                    object.members.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: $0.value.sorted) }))
        default: self
        }
    }

    fileprivate static func random(depth: Int, using generator: inout SystemRandomNumberGenerator) -> JSONValue {
        switch Int.random(in: 0..<(depth > 0 ? 6 : 4), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .integer(.random(in: .min ... .max, using: &generator))
        case 3: return .string(text(using: &generator))
        case 4: return .array((0..<3).map { _ in random(depth: depth - 1, using: &generator) })
        default:
            return .object(
                JSONObject(
                    (0..<3).map { .init(key: "\($0)", value: random(depth: depth - 1, using: &generator)) }))
        }
    }

    private static func text(using generator: inout SystemRandomNumberGenerator) -> String {
        let scalars: [Unicode.Scalar] = [
            "a", "\"", "\\", "/", "\n", "\r", "\t", "\u{1}", "é", "\u{301}", "😀", "\u{7F}", "\u{2028}",
        ]
        return (0..<8).reduce(into: "") { text, _ in
            text.unicodeScalars.append(scalars[Int.random(in: 0..<scalars.count, using: &generator)])
        }
    }
}

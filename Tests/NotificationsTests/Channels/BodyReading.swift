import Foundation
import Notifications
import Testing

/// Reads a message's body by its type, whatever the kind.
enum BodyReading {
    /// The body as a value: a form is an object of texts. Our JSON parser is strict, and Foundation's is independent: both
    /// must accept what kinds send.
    static func value(of request: HTTPMessage) throws -> JSONValue {
        // A request that only reads has no body.
        if request.method == .get, request.body.isEmpty { return [:] }
        let type = try #require(request.headers.first { $0.name == "Content-Type" }?.value)
        if type == "application/x-www-form-urlencoded" { return try form(request.body) }
        #expect(["application/json", "application/json; charset=UTF-8"].contains(type))
        #expect(try JSONSerialization.jsonObject(with: Data(request.body)) is [String: Any])
        return try JSONValue.parse(request.body)
    }

    private static func form(_ body: [UInt8]) throws -> JSONValue {
        let components = try #require(URLComponents(string: "?" + String(decoding: body, as: UTF8.self)))
        let members = (components.queryItems ?? []).map { item in
            JSONObject.Member(key: item.name, value: .string(item.value ?? ""))
        }
        return .object(JSONObject(members))
    }
}

extension Samples {
    /// The parts of a kind's settings that nobody may see: secret texts, and the long parts of secret addresses.
    static func secrets(of kind: any ChannelKind) -> [String] {
        let settings = settings(kind.id)
        return kind.fields.filter(\.isSecret).flatMap { field -> [String] in
            guard let text = settings.text(field.key) else { return [] }
            guard case .url = field.type else { return [text] }
            return text.split { "/?&=".contains($0) }.map(String.init).dropFirst(2).filter { part in
                part.count >= 10 && !kind.publicWords.contains(part.lowercased())
            }
        }
    }
}

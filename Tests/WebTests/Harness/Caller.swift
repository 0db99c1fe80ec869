import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Notifications
import Testing

/// Sends requests exactly as a test writes them.
struct Caller: Sendable {
    let client: any TestClientProtocol

    func send(
        _ method: HTTPRequest.Method, _ path: String, key: String? = nil, _ body: JSONValue? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Reply {
        var fields = headers
        if body != nil { fields[.contentType] = "application/json" }
        return try await send(method, path, key: key, bytes: body?.compactBytes, headers: fields)
    }

    /// Sends the bytes as they are, without adding a media type.
    func send(
        _ method: HTTPRequest.Method, _ path: String, key: String? = nil, bytes: [UInt8]?, headers: HTTPFields = [:]
    ) async throws -> Reply {
        var fields = headers
        if let key { fields[.authorization] = "Bearer \(key)" }
        return try await client.execute(
            uri: path, method: method, headers: fields, body: bytes.map { ByteBuffer(bytes: $0) }
        ) { response in
            Reply(status: response.status.code, headers: response.headers, body: Array(buffer: response.body))
        }
    }
}

struct Reply: Sendable {
    let status: Int
    let headers: HTTPFields
    let body: [UInt8]

    var json: JSONValue {
        get throws { try JSONValue.parse(body) }
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The fields that a problem names.
    var wrongFields: [String] {
        get throws { try (json["errors"]?.array ?? []).compactMap { $0["field"]?.string } }
    }

    /// The body without the only member that differs between any two answers.
    var withoutRequestID: JSONValue {
        get throws {
            var object = try #require(try json.object)
            object["request_id"] = nil
            return .object(object)
        }
    }
}

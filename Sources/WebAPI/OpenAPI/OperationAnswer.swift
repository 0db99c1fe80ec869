import HTTPTypes
import Notifications
import WebServing

/// The response to a successful request.
struct OperationAnswer: Sendable {
    let status: HTTPResponse.Status
    let text: String
    var schema: Schema?
    var mediaType = "application/json"
    var headers: [AnswerHeader] = []
    /// A whole body.
    var example: JSONValue?

    var json: JSONValue {
        var object = JSONObject()
        object["description"] = .string(text)
        object["headers"] = AnswerHeader.json([.requestID] + headers)
        if let schema {
            object["content"] = .object(
                JSONObject([.init(key: mediaType, value: .content(schema, example: example))]))
        }
        return .object(object)
    }

    /// The same answer with a whole body beside its schema.
    func like(_ example: JSONValue) -> OperationAnswer {
        var answer = self
        answer.example = example
        return answer
    }
}

extension OperationAnswer {
    static func ok(_ schema: Schema, _ text: String = "OK.", headers: [AnswerHeader] = []) -> OperationAnswer {
        OperationAnswer(status: .ok, text: text, schema: schema, headers: headers)
    }

    /// Something new that can be requested at the address in `Location`.
    static func created(_ schema: Schema, headers: [AnswerHeader] = []) -> OperationAnswer {
        OperationAnswer(status: .created, text: "Created.", schema: schema, headers: [.location] + headers)
    }

    /// Something new that is shown only this once.
    static func createdOnce(_ schema: Schema) -> OperationAnswer {
        OperationAnswer(status: .created, text: "Created.", schema: schema)
    }

    static func accepted(_ schema: Schema, _ text: String, headers: [AnswerHeader] = []) -> OperationAnswer {
        OperationAnswer(status: .accepted, text: text, schema: schema, headers: headers)
    }

    static let removed = OperationAnswer(status: .noContent, text: "Removed.")
}

/// A response header.
enum AnswerHeader: String, CaseIterable, Sendable {
    case requestID = "X-Request-Id"
    case eTag = "ETag"
    case location = "Location"
    case retryAfter = "Retry-After"
    case authenticate = "WWW-Authenticate"
    case allow = "Allow"
    case replayed = "Idempotent-Replayed"

    private var description: (text: String, schema: Schema) {
        switch self {
        case .requestID: ("The request's ID, as in the service's log.", .text)
        case .eTag: ("The version in quotes, for If-Match.", .text.with("pattern", #"^"[1-9][0-9]*"$"#))
        case .location: ("The path of what is new.", .text.with("pattern", "^/v1/"))
        case .retryAfter: ("Seconds to wait before retrying.", .ordinal)
        case .authenticate: ("The authentication scheme.", .constant("Bearer"))
        case .allow: ("The methods of the path.", .text)
        case .replayed: ("Present when the same key and event were received before.", .constant("true"))
        }
    }

    /// Its entry in `components.headers`.
    var definition: JSONValue {
        ["description": .string(description.text), "schema": description.schema.value]
    }

    static func json(_ headers: [AnswerHeader]) -> JSONValue {
        .object(
            JSONObject(
                headers.map {
                    .init(key: $0.rawValue, value: ["$ref": .string("#/components/headers/\($0.rawValue)")])
                }))
    }
}

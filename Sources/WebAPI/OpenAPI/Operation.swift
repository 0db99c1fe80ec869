import HTTPTypes
import Notifications
import WebServing

/// One operation of the API, as described in OpenAPI.
struct Operation: Sendable {
    /// Who may send it.
    enum Access: Sendable {
        case anybody
        case anyKey
        case holder(of: Permission)
    }

    let method: HTTPRequest.Method
    /// As in the route table: `/v1/organizations/:organization`.
    let path: String
    /// The name that generated clients use.
    let id: String
    let summary: String
    let access: Access
    /// What the summary does not say, in whole sentences.
    var text = ""
    var query: [Parameter] = []
    var headers: [Parameter] = []
    var body: RequestBody?
    let answers: [OperationAnswer]
    /// In addition to those that follow from the other properties.
    var refusals: [Refusal] = []
    var form = Form.problem

    /// How refusals are written, and where the key may stand.
    enum Form {
        /// As problem details.
        case problem
        /// As HipChat's API did, which took its token in the query, too.
        case hipChat
    }

    struct RequestBody: Sendable {
        /// By media type.
        let content: Schema.Members
        var isRequired = true
        /// A whole body, in JSON.
        var example: JSONValue?

        static func json(_ schema: Schema, example: JSONValue? = nil) -> RequestBody {
            RequestBody(content: ["application/json": schema], example: example)
        }
        static func optional(_ schema: Schema) -> RequestBody {
            RequestBody(content: ["application/json": schema], isRequired: false)
        }
        /// No input is needed; an empty object is accepted too.
        static let nothing = optional(Schema.body([:]).with("maxProperties", 0))
    }
}

extension Operation {
    /// The path in OpenAPI syntax.
    var template: String {
        path.split(separator: "/").map { $0.first == ":" ? "/{\($0.dropFirst())}" : "/\($0)" }.joined()
    }

    func json(tag: String) -> JSONValue {
        var object = JSONObject()
        object["operationId"] = .string(id)
        object["tags"] = [.string(tag)]
        object["summary"] = .string(summary)
        object["description"] = .string([text, requirement].filter { !$0.isEmpty }.joined(separator: " "))
        if case .anybody = access { object["security"] = [] }
        if form == .hipChat { object["security"] = [["key": []], ["token": []]] }
        let parameters = pathParameters + query + headers
        if !parameters.isEmpty { object["parameters"] = .array(parameters.map(\.json)) }
        if let body {
            object["requestBody"] = ["required": .bool(body.isRequired), "content": body.contentJSON]
        }
        object["responses"] = .object(responses)
        return .object(object)
    }

    /// Who may, in a sentence.
    private var requirement: String {
        switch access {
        case .anybody: "No key is needed."
        case .anyKey: "Every key can do this."
        case .holder(let permission): permission.requirement
        }
    }

    private var pathParameters: [Parameter] {
        path.split(separator: "/").filter { $0.first == ":" }.map { .path(String($0.dropFirst())) }
    }

    private var responses: JSONObject {
        var object = JSONObject()
        for answer in answers { object[String(answer.status.code)] = answer.json }
        for refusal in allRefusals {
            object[String(refusal.status.code)] = form == .hipChat ? refusal.hipChat : refusal.reference
        }
        return object
    }

    /// All possible refusals, ordered by status.
    private var allRefusals: [Refusal] {
        var found: [Refusal] = [.badRequest, .methodNotAllowed, .uriTooLong, .internalError]
        if !SpecialPaths.isHealth(path) { found.append(.misdirected) }
        if case .anybody = access {
        } else {
            found += [.unauthenticated, .tooMany, .unavailable, method == .get ? .tooMuchToRead : .insufficientStorage]
        }
        if case .holder = access { found.append(.forbidden) }
        if !pathParameters.isEmpty { found.append(.notFound) }
        if body != nil { found += [.timeout, .bodyTooLarge, .unsupportedMediaType] }
        found += refusals + headers.compactMap(\.refusal)
        return found.sorted { $0.status.code < $1.status.code }
    }
}

extension Operation.RequestBody {
    fileprivate var contentJSON: JSONValue {
        .object(
            JSONObject(
                content.map { type, schema in
                    .init(key: type, value: .content(schema, example: type == "application/json" ? example : nil))
                }))
    }
}

extension JSONValue {
    /// A Media Type Object.
    static func content(_ schema: Schema, example: JSONValue?) -> JSONValue {
        var object = JSONObject()
        object["schema"] = schema.value
        if let example { object["example"] = example }
        return .object(object)
    }
}

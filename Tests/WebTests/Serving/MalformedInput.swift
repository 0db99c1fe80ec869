import HTTPTypes
import Notifications
import Testing

/// The requests for one case of Tests/Data/malformed-inputs.json, and the answers that are allowed.
struct MalformedInput: Sendable, CustomTestStringConvertible {
    let id: String
    let requests: [TestRequest]
    let statuses: Set<Int>

    init(_ id: String, _ requests: [TestRequest], statuses: Set<Int> = [400]) {
        self.id = id
        self.requests = requests
        self.statuses = statuses
    }

    /// Bodies for a route that accepts JSON.
    init(_ id: String, bodies: [[UInt8]]) {
        self.init(id, bodies.map { TestRequest(bytes: $0) })
    }

    init(_ id: String, texts: [String]) {
        self.init(id, bodies: texts.map { Array($0.utf8) })
    }

    var testDescription: String { id }
}

/// By default the operator's `PUT` of organization 1, as JSON.
struct TestRequest: Sendable {
    var method = HTTPRequest.Method.put
    var path = "/v1/organizations/1"
    var key = Key.operator
    var bytes: [UInt8]?
    var headers: HTTPFields = [.contentType: "application/json"]

    enum Key: Sendable { case `operator`, owner, scheduler }

    static func get(_ path: String) -> TestRequest {
        TestRequest(method: .get, path: path, key: .owner, headers: [:])
    }

    static func post(_ path: String, _ text: String) -> TestRequest {
        TestRequest(method: .post, path: path, key: .owner, bytes: Array(text.utf8))
    }

    static func event(_ text: String) -> TestRequest {
        TestRequest(method: .post, path: "/v1/events", key: .scheduler, bytes: Array(text.utf8))
    }

    /// A valid body with headers that are not.
    static func sound(_ headers: HTTPFields) -> TestRequest {
        TestRequest(bytes: Array(#"{"name":"changed","owner_user_id":11}"#.utf8), headers: headers)
    }
}

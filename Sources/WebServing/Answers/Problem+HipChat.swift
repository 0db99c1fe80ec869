import Foundation
import HTTPTypes
import Hummingbird
import Notifications

extension Problem {
    /// As HipChat's API, version 2, answered: `{"error": {"code": 401, "type": "Unauthorized", "message": "…"}}`.
    var hipChatResponse: Response {
        let message = errors.isEmpty ? detail : errors.map { "\($0.field): \($0.message)" }.joined(separator: " ")
        var fields = headers
        if status == .tooManyRequests {
            let pause = headers[.retryAfter].flatMap { Int64($0) } ?? 1
            fields.append(contentsOf: HTTPFields.hipChatLimits(left: 0, of: nil, resetIn: pause))
        }
        let error: JSONValue = [
            "code": .integer(Int64(status.code)), "type": .string(status.reasonPhrase), "message": .string(message),
        ]
        return .json(["error": error], status: status, headers: fields)
    }
}

extension HTTPFields {
    /// What HipChat's answers said about its limits. Old clients read them from every answer.
    ///
    /// - Parameters:
    ///   - left: how many events may be posted now.
    ///   - limit: how many may be posted at once; nil where it is not known.
    ///   - seconds: when there will be more.
    package static func hipChatLimits(left: Int, of limit: Int?, resetIn seconds: Int64) -> HTTPFields {
        var fields: HTTPFields = [.rateLimitLeft: String(left)]
        if let limit { fields[.rateLimit] = String(limit) }
        fields[.rateLimitReset] = String(Int64(Date().timeIntervalSince1970) + seconds)
        return fields
    }
}

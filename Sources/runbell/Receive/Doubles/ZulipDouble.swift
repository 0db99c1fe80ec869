import Notifications

/// Zulip takes forms, and answers a result and a code.
struct ZulipDouble: ServiceDouble {
    let kind = Zulip().id
    let limit: RequestLimit? = RequestLimit(count: 200, seconds: 60)

    func owns(_ request: ReceivedRequest) -> Bool { request.path.sameBytes(as: "/api/v1/messages") }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        guard request.headers["authorization"]?.startsWithBytes(of: "Basic ") == true else {
            return error(401, "UNAUTHORIZED", "Not logged in: API authentication or user session required")
        }
        let isWhole = ["type", "to", "topic", "content"].allSatisfy { request.field($0)?.hasVisibleCharacter == true }
        guard request.isOf(type: "application/x-www-form-urlencoded"), isWhole else {
            return error(400, "REQUEST_VARIABLE_MISSING", "Missing 'content' argument")
        }
        return nil
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer {
        .json(200, ["result": "success", "msg": "", "id": 42])
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited:
            .json(
                429,
                [
                    "result": "error", "msg": "API usage exceeded rate limit", "code": "RATE_LIMIT_HIT",
                    "retry-after": .number(28.7),
                ], retryAfter: 29)
        case .gone: error(400, "STREAM_DOES_NOT_EXIST", "Channel 'load-tests' does not exist")
        case .rejected: error(400, "BAD_REQUEST", "Message must not be empty")
        case .broken: .text(502, "<html>502 Bad Gateway</html>", type: "text/html")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let content = request.field("content") else { return "\(request.body.count) bytes that are not a form" }
        let topic = "\(request.field("to") ?? "?") > \(request.field("topic") ?? "?")"
        return "\(topic): \(content.replacingBytes(of: "\n", with: " · "))"
    }

    private func error(_ status: Int, _ code: String, _ message: String) -> CannedAnswer {
        .json(status, ["result": "error", "msg": .string(message), "code": .string(code)])
    }
}

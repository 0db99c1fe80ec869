import Notifications

/// A homeserver of Matrix answers the event's ID, which is the same for the same transaction.
struct MatrixDouble: ThreadingDouble {
    let kind = Matrix().id
    let limit: RequestLimit? = nil

    func owns(_ request: ReceivedRequest) -> Bool { request.path.startsWithBytes(of: "/_matrix/client/") }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        guard request.headers["authorization"]?.startsWithBytes(of: "Bearer ") == true else {
            return error(401, "M_MISSING_TOKEN", "Missing access token")
        }
        guard request.method.sameBytes(as: "PUT") else { return error(405, "M_UNRECOGNIZED", "Unrecognized request") }
        guard let body = request.json else { return error(400, "M_NOT_JSON", "Content not JSON.") }
        if body.object == nil || body["body"]?.string == nil {
            return error(400, "M_BAD_JSON", "Content must be an object.")
        }
        return request.body.count > 65_536 ? error(413, "M_TOO_LARGE", "event too large") : nil
    }

    func messageID(of request: ReceivedRequest, number: Int) -> String { "$of-\(request.parts.last ?? "")" }

    func reference(in request: ReceivedRequest) -> String? { request.json?["m.relates_to"]?["event_id"]?.string }

    func success(_ request: ReceivedRequest, message id: String) -> CannedAnswer {
        .json(200, ["event_id": .string(id)])
    }

    /// As Synapse says it.
    func unknownMessage(_ request: ReceivedRequest) -> CannedAnswer {
        error(400, "M_UNKNOWN", "Can't send relation to unknown event")
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited:
            .json(
                429, ["errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": 3871],
                retryAfter: 4)
        case .gone: error(403, "M_FORBIDDEN", "User @runbell:example.org not in room")
        case .rejected: error(413, "M_TOO_LARGE", "event too large")
        case .broken: error(500, "M_UNKNOWN", "Internal server error")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        return (body["body"]?.string ?? "no text").replacingBytes(of: "\n", with: " · ")
    }

    private func error(_ status: Int, _ code: String, _ message: String) -> CannedAnswer {
        .json(status, ["errcode": .string(code), "error": .string(message)])
    }
}

import Notifications

/// ntfy answers with the message as it published it.
struct NtfyDouble: ServiceDouble {
    let kind = Ntfy().id
    let limit: RequestLimit? = RequestLimit(count: 60, seconds: 300)

    func owns(_ request: ReceivedRequest) -> Bool {
        request.path.sameBytes(as: "/") && request.json?["topic"]?.string != nil
    }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        guard let body = request.json, body.object != nil else {
            return error(40024, "invalid request: request body must be message JSON")
        }
        guard body["topic"]?.string?.wholeMatch(of: /[-_A-Za-z0-9]{1,64}/) != nil else {
            return error(40009, "invalid request: topic invalid")
        }
        let isTooLong = (body["message"]?.string?.utf8.count ?? 0) > 4096
        return isTooLong ? error(41301, "attachment too large, or bandwidth limit reached", status: 413) : nil
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer {
        let body = request.json
        return .json(
            200,
            [
                "id": "hwQ2YpKdmg", "time": .integer(Clock.now.seconds), "event": "message",
                "topic": body?["topic"] ?? .null, "message": body?["message"] ?? "triggered",
            ])
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited: error(42901, "limit reached: too many requests", status: 429, retryAfter: 5)
        case .gone: error(40301, "forbidden", status: 403)
        case .rejected: error(40024, "invalid request: request body must be message JSON")
        case .broken: error(50001, "internal server error", status: 500)
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        let text = (body["message"]?.string ?? "no message").replacingBytes(of: "\n", with: " · ")
        return "\(body["title"]?.string ?? "no title"): \(text)"
    }

    private func error(_ code: Int64, _ text: String, status: Int = 400, retryAfter: Int? = nil) -> CannedAnswer {
        .json(
            status,
            [
                "code": .integer(code), "http": .integer(Int64(status)), "error": .string(text),
                "link": "https://ntfy.sh/docs/publish/#limitations",
            ], retryAfter: retryAfter)
    }
}

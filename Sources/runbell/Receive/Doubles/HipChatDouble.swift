import Notifications

/// HipChat's rooms answer 204, with what is left of the rate limit.
struct HipChatDouble: ServiceDouble {
    let kind = HipChat().id
    let limit: RequestLimit? = RequestLimit(count: 30, seconds: 60)

    /// `/v2/room/7/notification`
    func owns(_ request: ReceivedRequest) -> Bool {
        let parts = request.parts
        return parts.count >= 4 && ["v1", "v2"].contains(where: parts[0].sameBytes) && parts[1].sameBytes(as: "room")
            && parts[3].sameBytes(as: "notification")
    }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        let length = request.json?["message"]?.string?.utf16.count ?? 0
        return (1...10_000).contains(length) ? nil : error(400, "Bad Request", "The message is missing or too long.")
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer {
        CannedAnswer(
            status: 204,
            headers: [
                .init("X-Ratelimit-Limit", "500"), .init("X-Ratelimit-Remaining", "499"),
                .init("X-Ratelimit-Reset", String(Clock.now.seconds + 300)),
            ])
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited:
            CannedAnswer(
                status: 429,
                headers: [
                    .init("X-FloodControl-Limit", "30"), .init("X-FloodControl-Remaining", "0"),
                    .init("X-FloodControl-Reset", String(Clock.now.seconds + 30)),
                ])
        case .gone: error(404, "Not Found", "Room not found")
        case .rejected: error(400, "Bad Request", "The request body was invalid.")
        case .broken: error(503, "Service Unavailable", "Try again later.")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        return MarkedUpText.shown(body["message"]?.string ?? "no message")
    }

    private func error(_ status: Int64, _ type: String, _ message: String) -> CannedAnswer {
        .json(
            Int(status),
            ["error": ["code": .integer(status), "type": .string(type), "message": .string(message)]])
    }
}

/// What a message in HTML shows.
enum MarkedUpText {
    static func shown(_ html: String) -> String {
        let text = html.replacing(/<br ?\/?>/, with: " · ").replacing(/<[^>]*>/, with: "")
        let entities = [
            ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&"),
        ]
        return entities.reduce(text) { $0.replacingBytes(of: $1.0, with: $1.1) }
    }
}

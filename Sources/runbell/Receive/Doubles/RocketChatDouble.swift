import Notifications

/// Rocket.Chat's incoming integrations answer whether they succeeded.
struct RocketChatDouble: ServiceDouble {
    let kind = RocketChat().id
    let limit: RequestLimit? = RequestLimit(count: 10, seconds: 60)

    /// `/hooks/ID/TOKEN`, also below another path.
    func owns(_ request: ReceivedRequest) -> Bool { request.parts.suffix(3).first?.sameBytes(as: "hooks") == true }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        request.json?.object == nil ? error(400, "Invalid payload supplied, it must be an Object") : nil
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer { .json(200, ["success": true]) }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited:
            CannedAnswer(
                status: 429,
                headers: [
                    .init("Content-Type", "application/json"), .init("x-ratelimit-limit", "10"),
                    .init("x-ratelimit-remaining", "0"),
                    .init("x-ratelimit-reset", String((Clock.now.seconds + 30) * 1000)),
                ], body: #"{"success":false,"error":"Error, too many requests. [error-too-many-requests]"}"#)
        case .gone: error(400, "invalid-channel")
        case .rejected: error(400, "error-running-script")
        case .broken: .text(503, "Service Unavailable")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        let parts = [body["text"], body["attachments"]?.array?.first?["text"]].compactMap { $0?.string }
        return parts.isEmpty ? "no text" : parts.joined(separator: ": ")
    }

    private func error(_ status: Int, _ word: String) -> CannedAnswer {
        .json(status, ["success": false, "error": .string(word)])
    }
}

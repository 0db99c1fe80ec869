import Notifications

/// Slack's incoming webhooks answer with one word. Of messages, one per second and short bursts are taken.
struct SlackDouble: ServiceDouble {
    let kind = Slack().id
    let limit: RequestLimit? = RequestLimit(count: 8, seconds: 4)

    func owns(_ request: ReceivedRequest) -> Bool { request.path.startsWithBytes(of: "/services/") }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        guard request.isOf(type: "application/json"), let body = request.json, body.object != nil else {
            return says(400, "invalid_payload")
        }
        let attachments = body["attachments"]?.array ?? []
        if body["text"] == nil, body["blocks"] == nil, attachments.isEmpty { return says(400, "no_text") }
        if attachments.count > 100 { return says(400, "too_many_attachments") }
        let lists = [body["blocks"]?.array].compactMap { $0 } + attachments.compactMap { $0["blocks"]?.array }
        return lists.contains { $0.isEmpty || $0.count > 50 } ? says(400, "invalid_blocks") : nil
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer { says(200, "ok") }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited: .text(429, "rate_limited", type: "text/html", retryAfter: 30)
        case .gone: says(404, "no_service")
        case .rejected: says(400, "invalid_blocks")
        case .broken: says(500, "rollup_error")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        let attachment = body["attachments"]?.array?.first
        return attachment?["fallback"]?.string ?? body["text"]?.string ?? attachment?["text"]?.string ?? "no text"
    }

    private func says(_ status: Int, _ word: String) -> CannedAnswer { .text(status, word, type: "text/html") }
}

extension ReceivedRequest {
    /// What to show of a body that is not in the service's format.
    var unreadable: String { "\(body.count) bytes that are not JSON" }
}

import Notifications

/// Slack's incoming webhooks answer with one word, and the methods of bots with a JSON object. Of messages, one per
/// second and short bursts are taken.
struct SlackDouble: ThreadingDouble {
    let kind = Slack().id
    let limit: RequestLimit? = RequestLimit(count: 8, seconds: 4)

    func owns(_ request: ReceivedRequest) -> Bool {
        request.path.startsWithBytes(of: "/services/") || method(of: request) != nil
    }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        if method(of: request) != nil, let complaint = SlackMethods.complaint(about: request) { return complaint }
        guard request.isOf(type: "application/json"), let body = request.json, body.object != nil else {
            return says(400, "invalid_payload", to: request)
        }
        let attachments = body["attachments"]?.array ?? []
        if body["text"] == nil, body["blocks"] == nil, attachments.isEmpty { return says(400, "no_text", to: request) }
        if attachments.count > 100 { return says(400, "too_many_attachments", to: request) }
        let lists = [body["blocks"]?.array].compactMap { $0 } + attachments.compactMap { $0["blocks"]?.array }
        let isWrong = lists.contains { $0.isEmpty || $0.count > 50 }
        return isWrong ? says(400, "invalid_blocks", to: request) : nil
    }

    func success(_ request: ReceivedRequest, message id: String) -> CannedAnswer {
        method(of: request) == nil ? says(200, "ok", to: request) : SlackMethods.success(request, time: id)
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer { self.failure(failure, to: ReceivedRequest(body: [])) }

    func failure(_ failure: ForcedFailure, to request: ReceivedRequest) -> CannedAnswer {
        if method(of: request) != nil { return SlackMethods.failure(failure) }
        return switch failure {
        case .rateLimited: .text(429, "rate_limited", type: "text/html", retryAfter: 30)
        case .gone: says(404, "no_service", to: request)
        case .rejected: says(400, "invalid_blocks", to: request)
        case .broken: says(500, "rollup_error", to: request)
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        let attachment = body["attachments"]?.array?.first
        return attachment?["fallback"]?.string ?? body["text"]?.string ?? attachment?["text"]?.string ?? "no text"
    }

    private func says(_ status: Int, _ word: String, to request: ReceivedRequest) -> CannedAnswer {
        method(of: request) == nil ? .text(status, word, type: "text/html") : SlackMethods.says(word)
    }
}

/// Messages are known by the time at which they were sent.
extension SlackDouble {
    func messageID(of request: ReceivedRequest, number: Int) -> String {
        if isChange(request), let time = reference(in: request) { return time }
        let digits = String(number)
        return "1795428750." + String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    }

    func reference(in request: ReceivedRequest) -> String? {
        guard method(of: request) != nil else { return nil }
        return isChange(request) ? request.json?["ts"]?.string ?? "" : request.json?["thread_ts"]?.string
    }

    func unknownMessage(_ request: ReceivedRequest) -> CannedAnswer {
        SlackMethods.says(isChange(request) ? "message_not_found" : "thread_not_found")
    }

    private func isChange(_ request: ReceivedRequest) -> Bool {
        method(of: request)?.sameBytes(as: "chat.update") ?? false
    }

    /// Nil for an incoming webhook.
    private func method(of request: ReceivedRequest) -> Substring? {
        request.parts.last.flatMap { part in
            ["chat.postMessage", "chat.update"].contains(where: part.sameBytes) ? part : nil
        }
    }
}

extension ReceivedRequest {
    /// What to show of a body that is not in the service's format.
    var unreadable: String { "\(body.count) bytes that are not JSON" }
}

import Notifications

/// Mattermost's incoming webhooks answer `ok`, or an error with an ID.
struct MattermostDouble: ServiceDouble {
    let kind = Mattermost().id
    let limit: RequestLimit? = RequestLimit(count: 200, seconds: 10)

    /// `/hooks/ID`, also below another path.
    func owns(_ request: ReceivedRequest) -> Bool { request.parts.suffix(2).first?.sameBytes(as: "hooks") == true }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        guard let body = request.json, body.object != nil else {
            return error(400, "web.incoming_webhook.parse.app_error", "Unable to parse incoming data.")
        }
        let hasText = body["text"]?.string?.isEmpty == false || body["attachments"]?.array?.isEmpty == false
        return hasText ? nil : error(400, "web.incoming_webhook.text.app_error", "No text specified.")
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer { .text(200, "ok") }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited: .text(429, "limit exceeded", retryAfter: 10)
        case .gone: error(400, "web.incoming_webhook.invalid.app_error", "Invalid webhook.")
        case .rejected: error(400, "web.incoming_webhook.parse.app_error", "Unable to parse incoming data.")
        case .broken: error(500, "api.context.server_error.app_error", "Internal Server Error.")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        let attachment = body["attachments"]?.array?.first
        return attachment?["fallback"]?.string ?? body["text"]?.string ?? "no text"
    }

    private func error(_ status: Int64, _ id: String, _ message: String) -> CannedAnswer {
        .json(
            Int(status),
            [
                "id": .string(id), "message": .string(message), "detailed_error": "", "request_id": "r1",
                "status_code": .integer(status),
            ])
    }
}

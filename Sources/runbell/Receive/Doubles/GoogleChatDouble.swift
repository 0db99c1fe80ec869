import Notifications

/// Google Chat's webhooks answer the message's name, or an error with a status in words.
struct GoogleChatDouble: ServiceDouble {
    let kind = GoogleChat().id
    let limit: RequestLimit? = RequestLimit(count: 60, seconds: 60)

    func owns(_ request: ReceivedRequest) -> Bool { request.path.startsWithBytes(of: "/v1/spaces/") }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        guard let body = request.json, body.object != nil else {
            return error(400, "INVALID_ARGUMENT", "Invalid JSON payload received.")
        }
        let isEmpty = body["text"] == nil && body["cardsV2"]?.array?.isEmpty != false
        return isEmpty || request.body.count > 32_000
            ? error(400, "INVALID_ARGUMENT", "Message cannot be empty, or is too large.") : nil
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer {
        .json(200, ["name": "spaces/AAAA/messages/BBBB.BBBB", "thread": ["name": "spaces/AAAA/threads/BBBB"]])
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited: error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).")
        case .gone: error(403, "PERMISSION_DENIED", "Unable to process the request: called without a valid token.")
        case .rejected: error(400, "INVALID_ARGUMENT", "Invalid JSON payload received.")
        case .broken: error(503, "UNAVAILABLE", "The service is currently unavailable.")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        let card = body["cardsV2"]?.array?.first?["card"]
        let widget = card?["sections"]?.array?.first?["widgets"]?.array?.first
        let parts = [body["text"], card?["header"]?["title"], widget?["textParagraph"]?["text"]].compactMap {
            $0?.string
        }
        return parts.isEmpty ? "no text" : MarkedUpText.shown(parts.joined(separator: ": "))
    }

    private func error(_ code: Int64, _ status: String, _ message: String) -> CannedAnswer {
        .json(
            Int(code),
            ["error": ["code": .integer(code), "message": .string(message), "status": .string(status)]])
    }
}

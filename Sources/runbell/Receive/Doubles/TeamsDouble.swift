import Notifications

/// The workflows of Microsoft Teams answer 202 without a body, or an error with a code.
struct TeamsDouble: ServiceDouble {
    let kind = Teams().id
    let limit: RequestLimit? = RequestLimit(count: 4, seconds: 1)

    func owns(_ request: ReceivedRequest) -> Bool { request.path.endsInBytes(of: "/paths/invoke") }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        if request.headers["authorization"] != nil {
            return error(400, "DirectApiRequestHasMoreThanOneAuthorization", "The request has two authorizations.")
        }
        let card = request.json?["attachments"]?.array?.first
        let isCard =
            card?["contentType"] == .string("application/vnd.microsoft.card.adaptive")
            && card?["content"]?["type"] == .string("AdaptiveCard")
        guard request.json?["type"] == .string("message"), isCard else {
            return error(400, "TriggerInputSchemaMismatch", "The input body does not match its schema.")
        }
        return request.body.count > 28 * 1024 ? error(413, "RequestEntityTooLarge", "The request is too large.") : nil
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer { .bare(202) }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited: .json(429, ["error": ["code": "TooManyRequests", "message": "Throttled."]], retryAfter: 30)
        case .gone: error(400, "WorkflowTriggerIsNotEnabled", "Could not execute workflow trigger: state 'Deleted'.")
        case .rejected: error(400, "InvalidTemplate", "Unable to process template language expressions.")
        case .broken: error(502, "BadGateway", "The service did not answer.")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        let elements = body["attachments"]?.array?.first?["content"]?["body"]?.array ?? []
        let texts = elements.flatMap { [$0] + ($0["items"]?.array ?? []) }.compactMap { $0["text"]?.string }
        return texts.isEmpty ? "no text" : texts.prefix(2).joined(separator: ": ")
    }

    private func error(_ status: Int, _ code: String, _ message: String) -> CannedAnswer {
        .json(status, ["error": ["code": .string(code), "message": .string(message)]])
    }
}

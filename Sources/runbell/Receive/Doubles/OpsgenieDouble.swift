import Notifications

/// Opsgenie's Alert API takes a request with 202 and works on it later.
struct OpsgenieDouble: ServiceDouble {
    let kind = Opsgenie().id

    func owns(_ request: ReceivedRequest) -> Bool { request.path.startsWithBytes(of: "/v2/alerts") }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        guard request.headers["authorization"]?.startsWithBytes(of: "GenieKey ") == true else {
            return error(401, "Could not authenticate")
        }
        guard let body = request.json, body.object != nil else { return error(400, "Request body is not processable.") }
        if request.path.endsInBytes(of: "/close") { return nil }
        let length = body["message"]?.string?.utf16.count ?? 0
        return (1...130).contains(length)
            ? nil
            : .json(
                422,
                [
                    "message": "Request body is not processable. Please check the errors.",
                    "errors": ["message": "Message can not be empty."], "took": 0, "requestId": "runbell",
                ])
    }

    func success(_ request: ReceivedRequest) -> CannedAnswer {
        .json(
            202,
            ["result": "Request will be processed", "took": 0, "requestId": "43a29c5c-3dbf-4fa4-9c26-f4f71023e120"])
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited:
            CannedAnswer(
                status: 429,
                headers: [
                    .init("X-RateLimit-State", "THROTTLED"), .init("X-RateLimit-Reason", "ACCOUNT"),
                    .init("X-RateLimit-Period-In-Sec", "60"),
                ], body: #"{"message":"You are making too many requests!","took":0,"requestId":"runbell"}"#)
        case .gone: error(401, "Could not authenticate")
        case .rejected: error(422, "Request body is not processable. Please check the errors.")
        case .broken: error(503, "Service unavailable")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        return body["message"]?.string ?? "close: \(body["note"]?.string?.pieces(between: "\n").first ?? "")"
    }

    private func error(_ status: Int, _ message: String) -> CannedAnswer {
        .json(status, ["message": .string(message), "took": 0, "requestId": "runbell"])
    }
}

import Notifications

/// PagerDuty's Events API v2 takes an event with 202 and works on it later.
struct PagerDutyDouble: ServiceDouble {
    let kind = PagerDuty().id
    let limit: RequestLimit? = RequestLimit(count: 120, seconds: 60)

    func owns(_ request: ReceivedRequest) -> Bool {
        ["/v2/enqueue", "/v2/change/enqueue"].contains(where: request.path.endsInBytes)
    }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        guard let body = request.json, body.object != nil else { return invalid("Event object is invalid") }
        guard body["routing_key"]?.string?.utf8.count == 32 else {
            return invalid("Length of 'routing_key' is incorrect (should be 32 characters)")
        }
        let problem = request.path.endsInBytes(of: "/change/enqueue") ? summaryProblem(body) : problem(of: body)
        return problem.map { invalid("'\($0)") }
    }

    /// What is wrong with an event that opens, acknowledges or resolves an incident.
    private func problem(of body: JSONValue) -> String? {
        let actions = ["trigger", "acknowledge", "resolve"]
        guard let action = body["event_action"]?.string, actions.contains(where: action.sameBytes) else {
            return "event_action' is missing or invalid"
        }
        let key = body["dedup_key"]?.string?.utf16.count ?? 0
        if key > 255 { return "dedup_key' is too long" }
        guard action.sameBytes(as: actions[0]) else { return key == 0 ? "dedup_key' is missing or blank" : nil }
        if body["payload"]?["source"]?.string?.hasVisibleCharacter != true {
            return "payload.source' is missing or blank"
        }
        let severity = body["payload"]?["severity"]?.string ?? ""
        return Self.severities.contains(where: severity.sameBytes)
            ? summaryProblem(body) : "payload.severity' is missing or invalid"
    }

    private func summaryProblem(_ body: JSONValue) -> String? {
        (1...1024).contains(body["payload"]?["summary"]?.string?.utf16.count ?? 0)
            ? nil : "payload.summary' is missing, blank or too long"
    }

    private static let severities = ["critical", "error", "warning", "info"]

    func success(_ request: ReceivedRequest) -> CannedAnswer {
        .json(
            202,
            [
                "status": "success", "message": "Event processed",
                "dedup_key": request.json?["dedup_key"] ?? .string("runbell"),
            ])
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited:
            .json(
                429, ["status": "throttle exceeded", "message": "Requests for this service are arriving too quickly."],
                retryAfter: 30)
        case .gone: invalid("Invalid routing key")
        case .rejected:
            invalid(
                "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"
            )
        case .broken: .text(500, "Internal Server Error")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        let action = body["event_action"]?.string ?? "change"
        return "\(action): \(body["payload"]?["summary"]?.string ?? body["dedup_key"]?.string ?? "no summary")"
    }

    private func invalid(_ error: String) -> CannedAnswer {
        .json(400, ["status": "invalid event", "message": "Event object is invalid", "errors": [.string(error)]])
    }
}

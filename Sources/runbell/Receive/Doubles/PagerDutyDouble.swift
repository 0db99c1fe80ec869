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
        let isChange = request.path.endsInBytes(of: "/change/enqueue")
        if !isChange, body["event_action"]?.string == nil { return invalid("'event_action' is missing or blank") }
        let summary = body["payload"]?["summary"]?.string ?? ""
        let needsSummary = isChange || body["event_action"]?.string?.sameBytes(as: "trigger") == true
        return needsSummary && !(1...1024).contains(summary.utf16.count)
            ? invalid("'payload.summary' is missing, blank or too long") : nil
    }

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

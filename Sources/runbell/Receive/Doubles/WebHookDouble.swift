import Notifications

/// A web hook's receiver, which takes every path.
struct WebHookDouble: ServiceDouble {
    let kind = WebHook().id

    func owns(_ request: ReceivedRequest) -> Bool { true }

    func success(_ request: ReceivedRequest) -> CannedAnswer { .bare(200) }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited: .bare(429, retryAfter: 30)
        case .gone: .bare(410)
        case .rejected: .bare(400)
        case .broken: .bare(503)
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        let event = body["event"]?.string ?? "no event"
        guard let name = body["name"]?.string, let run = body["load_test_run_id"]?.integer else { return event }
        let status = "\(body["status_text"]?.string ?? "?") (status \(body["status"]?.integer ?? 0))"
        return "\(event): \(status), run \(run) of \(name)"
    }
}

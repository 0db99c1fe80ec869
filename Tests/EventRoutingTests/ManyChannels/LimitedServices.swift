import Notifications
import Synchronization

/// All services at once. Each judges its own limits by what arrives and when, and answers 429 when one is exceeded.
final class LimitedServices: HTTPTransport, MailTransport {
    private struct Records {
        var counters: [String: [LimitCounter]] = [:]
        var taken = 0
        var refused: [String: Int] = [:]
        var unknown: [String] = []
    }

    private let records = Mutex(Records())
    private let time: SimulatedTime

    init(_ time: SimulatedTime) {
        self.time = time
    }

    /// How many requests each kind's service refused because of its limits.
    var refused: [String: Int] { records.withLock { $0.refused } }
    /// Requests that no service knows.
    var unknown: [String] { records.withLock { $0.unknown } }
    /// Requests that were answered with success.
    var taken: Int { records.withLock { $0.taken } }

    func send(_ request: HTTPMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange {
        guard let service = LimitedService.all.first(where: { $0.owns(request) }) else {
            records.withLock { $0.unknown.append(request.url) }
            return answer(404, "")
        }
        guard takes(service, "\(service.kind) \(service.account(request))") else {
            return answer(429, "", .init("Retry-After", "30"))
        }
        return answer(service.success.status, service.success.body)
    }

    /// A relay of one's own has no limit.
    func send(_ message: MailMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange {
        records.withLock { $0.taken += 1 }
        let replies = message.letters.flatMap(\.recipients).map { MailReply($0, 250, "2.0.0 Ok") }
        return Exchange(result: .answered(MailReply.answer(replies, message.unconfirmed, at: time.wall)))
    }

    private func takes(_ service: LimitedService, _ account: String) -> Bool {
        let now = time.steady
        return records.withLock { records in
            var counters = records.counters[account] ?? service.limits.map(LimitCounter.init)
            guard counters.allSatisfy({ $0.takesOne(at: now) }) else {
                records.refused[service.kind, default: 0] += 1
                return false
            }
            for index in counters.indices { counters[index].took(at: now) }
            records.counters[account] = counters
            records.taken += 1
            return true
        }
    }

    private func answer(_ status: Int, _ body: String, _ headers: Answer.Header...) -> Exchange {
        Exchange(
            result: .answered(Answer(status: status, headers: headers, body: Array(body.utf8), at: time.wall)),
            address: "192.0.2.1")
    }
}

import Notifications
import Synchronization

/// Answers by a list, the last entry again and again, and keeps what it was asked.
final class ScriptedTransport: Transport {
    private let script: Mutex<[ExchangeResult]>
    private let asked = Mutex<[OutgoingRequest]>([])

    init(_ script: [ExchangeResult]) {
        self.script = Mutex(script)
    }

    var requests: [OutgoingRequest] { asked.withLock { $0 } }

    func send(_ request: OutgoingRequest, for payer: OrganizationID?, deadline: Duration) async -> Exchange {
        asked.withLock { $0.append(request) }
        let result = script.withLock { $0.count > 1 ? $0.removeFirst() : $0.first }
        return Exchange(result: result ?? .failed(.disconnected))
    }
}

extension ExchangeResult {
    static func answer(_ status: Int, _ body: String = "") -> ExchangeResult {
        .answered(Answer(status: status, body: Array(body.utf8), at: Timestamp(seconds: 0)))
    }
}

extension OutgoingRequest {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

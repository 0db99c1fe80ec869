import Notifications
import Synchronization

/// Answers from a list, repeating its last entry, and records the requests.
final class ScriptedTransport: HTTPTransport {
    private let script: Mutex<[ExchangeResult]>
    private let asked = Mutex<[HTTPMessage]>([])

    init(_ script: [ExchangeResult]) {
        self.script = Mutex(script)
    }

    var requests: [HTTPMessage] { asked.withLock { $0 } }

    func send(_ request: HTTPMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange {
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

extension HTTPMessage {
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

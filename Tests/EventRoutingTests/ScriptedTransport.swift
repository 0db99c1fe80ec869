import Notifications
import Synchronization

/// A network that answers from a script and records what was sent.
final class ScriptedTransport: HTTPTransport {
    typealias Script = @Sendable (HTTPMessage, Int) async -> ExchangeResult

    private let script: Script
    private let requests = Mutex<[HTTPMessage]>([])

    init(_ script: @escaping Script) {
        self.script = script
    }

    convenience init(status: Int, body: String = "") {
        self.init { _, _ in .answered(Answer(status: status, body: Array(body.utf8), at: Timestamp(seconds: 0))) }
    }

    var sent: [HTTPMessage] { requests.withLock { $0 } }

    func send(_ request: HTTPMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange {
        let number = requests.withLock { requests in
            requests.append(request)
            return requests.count
        }
        return Exchange(result: await script(request, number), address: "127.0.0.1")
    }
}

import CCurl
import NIOPosix
import Notifications
import Synchronization

/// Sends mails through the operator's relay with libcurl, each on one of a few threads of its own: libcurl blocks.
///
/// The relay is configured by the operator, so the egress policy, which is for addresses that organizations enter, does not
/// apply to it. What goes wrong at the relay says nothing about a channel: its deliveries wait (`LocalFault`).
package final class MailClient: MailTransport {
    private let relay: MailRelay
    private let threads: NIOThreadPool
    private let limit: Int
    private let inUse = Mutex(0)
    private let invitations = Mutex(Invitations())
    private let now: @Sendable () -> Timestamp

    /// - Parameter connections: How many mails may be on their way at once.
    package init(relay: MailRelay, connections: Int = 16, now: @escaping @Sendable () -> Timestamp) {
        self.relay = relay
        self.now = now
        limit = connections
        curl_global_init(3)  // CURL_GLOBAL_DEFAULT
        threads = NIOThreadPool(numberOfThreads: connections)
        threads.start()
    }

    /// Mails on their way go on until their deadline.
    package func shutdown() {
        threads.shutdownGracefully { _ in }
    }

    package func send(
        _ message: MailMessage, for payer: OrganizationID?, deadline: Duration
    ) async -> Exchange {
        let start = ContinuousClock.now
        guard take() else {
            return Exchange(result: .failed(.local(.sockets, "All connections to the mail relay are in use.")))
        }
        defer { inUse.withLock { $0 -= 1 } }
        var timings = Timings()
        let (result, address) = await result(of: message, for: payer, until: start + deadline)
        timings.total = ContinuousClock.now - start
        return Exchange(result: result, address: address, timings: timings)
    }

    private func take() -> Bool {
        inUse.withLock { count in
            guard count < limit else { return false }
            count += 1
            return true
        }
    }

    private func result(
        of message: MailMessage, for payer: OrganizationID?, until end: ContinuousClock.Instant
    ) async -> (ExchangeResult, address: String?) {
        var replies: [MailReply] = []
        var address: String?
        var asked = 0
        for letter in message.letters {
            if letter.isInvitation {
                guard invitations.withLock({ $0.mayAsk(letter.recipients, for: payer, at: now()) }) else { continue }
            }
            let session = MailSession(
                relay: relay, letter: letter, milliseconds: max(1, Int((end - .now) / .milliseconds(1))))
            guard let sent = await run(session) else { return (.failed(.disconnected), address) }
            address = sent.address ?? address
            let result = RelayReading.result(sent)
            if letter.isInvitation, !result.mayHaveArrived { invitations.withLock { $0.forget(letter.recipients) } }
            switch result {
            case .failure(let failure): return (.failed(failure), address)
            case .success(let found):
                replies += letter.isInvitation ? found.filter { !$0.isAccepted } : found
                if letter.isInvitation { asked += found.count(where: \.isAccepted) }
            }
        }
        let asking = asked > 0 ? .sent(asked) : message.asking
        return (.answered(MailReply.answer(replies, message.unconfirmed, asking: asking, at: now())), address)
    }

    private func run(_ session: MailSession) async -> MailSession.Result? {
        await withCheckedContinuation { continuation in
            threads.submit { state in continuation.resume(returning: state == .active ? session.run() : nil) }
        }
    }
}

extension Result<[MailReply], TransportFailure> {
    /// Whether a letter to one recipient is, or may be, in the mailbox.
    fileprivate var mayHaveArrived: Bool {
        switch self {
        case .success(let replies): replies.contains(where: \.isAccepted)
        case .failure(.local): false
        case .failure: true
        }
    }
}

import NIOCore
import NIOPosix
import Notifications
import ServiceLifecycle

/// Stands in for the operator's mail relay: takes mails over SMTP, answers as a relay does, and prints what it receives.
struct MailReceiver: Service {
    let address: ListenAddress
    /// What to answer instead of success.
    let failure: RequestedFailure?
    let onRunning: @Sendable (Int) async -> Void
    let onArrival: @Sendable (MailArrival) -> Void
    private let known = KnownIDs()

    init(
        on address: ListenAddress, failure: RequestedFailure?, onRunning: @escaping @Sendable (Int) async -> Void,
        onArrival: @escaping @Sendable (MailArrival) -> Void
    ) {
        self.address = address
        self.failure = failure
        self.onRunning = onRunning
        self.onArrival = onArrival
    }

    func run() async throws {
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: address.host, port: address.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        await onRunning(server.channel.localAddress?.port ?? address.port)
        try await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections.cancelOnGracefulShutdown() {
                    // A sender that hangs up is not an error of ours.
                    group.addTask { try? await converse(connection) }
                }
                group.cancelAll()
            }
        }
    }

    private func converse(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
        try await connection.executeThenClose { inbound, outbound in
            var conversation = MailConversation(failure: failure)
            try await outbound.write(ByteBuffer(string: MailConversation.greeting.wire))
            for try await bytes in inbound {
                for step in conversation.received(bytes.readableBytesView) {
                    switch step {
                    case .say(let reply): try await outbound.write(ByteBuffer(string: reply.wire))
                    case .keep(let mail, let reply):
                        print(mail, reply)
                        if let reply { try await outbound.write(ByteBuffer(string: reply.wire)) }
                    case .hangUp: return
                    }
                }
            }
        }
    }

    private func print(_ mail: ReceivedMail, _ reply: RelayReply?) {
        let isRepeat = mail.content.headers["message-id"].map(known.isKnown) ?? false
        onArrival(MailArrival(at: Clock.now, mail: mail, isRepeat: isRepeat, reply: reply))
    }
}

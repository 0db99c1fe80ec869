import Notifications
import Synchronization

/// A service whose messages can be answered or replaced by the id that it gives them.
protocol ThreadingDouble: ServiceDouble {
    /// The id of the message that a request sends or changes. `number` counts the receiver's messages from 1.
    func messageID(of request: ReceivedRequest, number: Int) -> String
    /// The message that a request needs to be there, to answer or replace it; nil if it stands alone.
    func reference(in request: ReceivedRequest) -> String?
    /// What the service answers to a request that it accepts.
    func success(_ request: ReceivedRequest, message id: String) -> CannedAnswer
    /// What it answers if it does not have the message.
    func unknownMessage(_ request: ReceivedRequest) -> CannedAnswer
}

extension ThreadingDouble {
    func success(_ request: ReceivedRequest) -> CannedAnswer {
        success(request, message: messageID(of: request, number: 1))
    }
}

/// The messages that a receiver has accepted, so that an answer to one it never had is refused.
final class MessageBook: Sendable {
    private struct Content {
        var count = 0
        var ids: Set<ForeignText> = []
    }

    private let content = Mutex(Content())

    /// Answers a request that is otherwise acceptable.
    func answer(_ request: ReceivedRequest, of service: any ThreadingDouble) -> CannedAnswer {
        content.withLock { content in
            if let reference = service.reference(in: request), !content.ids.contains(Self.entry(reference, service)) {
                return service.unknownMessage(request)
            }
            // This receiver is for looking, not for keeping.
            if content.ids.count >= 100_000 { content.ids.removeAll() }
            content.count += 1
            let id = service.messageID(of: request, number: content.count)
            content.ids.insert(Self.entry(id, service))
            return service.success(request, message: id)
        }
    }

    private static func entry(_ id: String, _ service: any ThreadingDouble) -> ForeignText {
        ForeignText("\(service.kind)/\(id)")
    }
}

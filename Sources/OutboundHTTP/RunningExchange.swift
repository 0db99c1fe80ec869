import NIOCore
import NIOHTTP1
import Notifications

/// A request in progress and what has been received so far.
struct RunningExchange {
    let done: (Result<Reply, ExchangeFailure>) -> Void
    let timer: Scheduled<Void>
    let limits: OutboundLimits
    /// How many bytes of the body are kept.
    private let bodyBytesKept: Int
    var sentAt: NIODeadline?
    var head: HTTPResponseHead?
    var headAt: NIODeadline?
    var arrivedAt: Timestamp?
    var informationalAnswers = 0
    private var body: [UInt8] = []
    private var bodyBytesRead = 0

    init(
        _ request: WireRequest, done: @escaping (Result<Reply, ExchangeFailure>) -> Void, timer: Scheduled<Void>,
        limits: OutboundLimits
    ) {
        self.done = done
        self.timer = timer
        self.limits = limits
        bodyBytesKept = min(max(limits.bodyBytesKept, request.answerBytesKept ?? 0), limits.bodyBytes)
    }

    enum Space { case left, full }

    /// Keeps the first bytes and counts the rest. A body of exactly the limit is complete; one more byte and it is cut.
    mutating func append(_ bytes: ByteBuffer) -> Space {
        bodyBytesRead += bytes.readableBytes
        body.append(contentsOf: bytes.readableBytesView.prefix(bodyBytesKept - body.count))
        return bodyBytesRead > limits.bodyBytes ? .full : .left
    }

    /// What the receiver is waited for.
    var phase: TransportFailure.Phase {
        if head != nil { return .reading }
        return sentAt == nil ? .sending : .waiting
    }

    /// The answer, once its head is complete. A connection whose request has not been fully sent is not reused: the
    /// receiver answered early and may never read the rest.
    func reply(isReusable: Bool) -> Reply? {
        guard let head, let headAt, let arrivedAt else { return nil }
        let answer = Answer(
            status: Int(head.status.code), headers: head.headers.map { Answer.Header($0.name, $0.value) }, body: body,
            at: arrivedAt)
        return Reply(
            answer: answer, head: sentAt.map { max(.zero, Duration(headAt - $0)) } ?? .zero,
            isReusable: isReusable && head.isKeepAlive && sentAt != nil)
    }
}

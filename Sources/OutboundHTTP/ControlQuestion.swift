import NIOCore
import NIOPosix
import Notifications
import Synchronization

/// Asks the name server for a name that is known not to exist (RFC 6761, section 6.4): a server that does not answer
/// even that is down. A dedicated thread asks; whoever wants to know meanwhile or shortly after shares the answer.
final class ControlQuestion: Sendable {
    static let name = "runbell.invalid"
    private static let lifetime = TimeAmount.seconds(2)

    private let lookup: Resolver.Lookup
    private let time: TimeAmount
    private let group: any EventLoopGroup
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let asked = Mutex<(at: NIODeadline, isAnswered: EventLoopFuture<Bool>)?>(nil)

    init(limits: OutboundLimits, group: any EventLoopGroup, lookup: @escaping Resolver.Lookup) {
        self.lookup = lookup
        self.group = group
        time = TimeAmount(limits.controlTime)
        thread.start()
    }

    /// Whether the name server answers at all.
    func isAnswered() -> EventLoopFuture<Bool> {
        let promise = group.next().makePromise(of: Bool.self)
        let now = NIODeadline.now()
        let shared: EventLoopFuture<Bool>? = asked.withLock { asked in
            if let asked, now - asked.at < time + Self.lifetime { return asked.isAnswered }
            asked = (now, promise.futureResult)
            return nil
        }
        if let shared {
            promise.completeWith(shared)
        } else {
            promise.futureResult.eventLoop.scheduleTask(in: time) { promise.succeed(false) }
            thread.submit { state in promise.succeed(state == .active && self.ask()) }
        }
        return promise.futureResult
    }

    func shutdown() {
        thread.shutdownGracefully { _ in }
    }

    private func ask() -> Bool {
        do {
            _ = try lookup(Self.name)
            return true
        } catch {
            return error is NameUnknown
        }
    }
}

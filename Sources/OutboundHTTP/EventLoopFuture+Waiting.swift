import NIOCore

/// A request's deadline passed.
struct DeadlineReached: Error {}

extension EventLoopFuture where Value: Sendable {
    /// The future's result, or `DeadlineReached`, or `CancellationError` as soon as the calling task is cancelled. The
    /// work behind the future goes on; the caller has to stop it.
    func outcome(by deadline: NIODeadline) async -> Result<Value, any Error> {
        // A promise keeps the first result and ignores the rest.
        let first = eventLoop.makePromise(of: Value.self)
        let timer = eventLoop.scheduleTask(deadline: deadline) { first.fail(DeadlineReached()) }
        cascade(to: first)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                first.futureResult.whenComplete { result in
                    timer.cancel()
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            first.fail(CancellationError())
        }
    }
}

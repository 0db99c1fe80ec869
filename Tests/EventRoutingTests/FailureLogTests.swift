import EventRouting
import Logging
import Repository
import Synchronization
import Testing

/// What the log says of failures: a start that fails cancels everything that had begun.
@Suite struct FailureLogTests {
    @Test func whatFailsIsAnErrorUnlessItWasCancelled() async {
        let lines = LoggedLines()
        let logger = Logger(label: "test") { _ in lines }
        logger.failure("It failed", .unavailable("broken"), ["task": "time"])
        let cancelled = Task {
            while !Task.isCancelled { await Task.yield() }
            logger.failure("It failed", .abandoned)
        }
        cancelled.cancel()
        await cancelled.value
        #expect(lines.all.map(\.level) == [.error, .debug])
        #expect(lines.all.first?.metadata?["task"] == "time" && lines.all.first?.metadata?["error"] != nil)
    }
}

/// Keeps what is logged.
private final class LoggedLines: LogHandler {
    private let kept = Mutex<[LogEvent]>([])

    var all: [LogEvent] { kept.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) { kept.withLock { $0.append(event) } }
}

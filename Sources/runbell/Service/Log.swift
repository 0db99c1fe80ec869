import Logging

/// The program's log: lines on standard error.
enum Log {
    /// Must be called once.
    static func start(_ level: Logger.Level) -> Logger {
        LoggingSystem.bootstrap { label in StandardErrorHandler(label: label) }
        var logger = Logger(label: "runbell")
        logger.logLevel = level
        return logger
    }
}

/// swift-log's handler writes a logger's metadata out whenever they change, and each request has a logger with metadata of
/// its own. This one does it when something is logged.
private struct StandardErrorHandler: LogHandler {
    let label: String
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(label: String) {
        self.label = label
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var handler = StreamLogHandler.standardError(label: label)
        handler.metadata = metadata
        handler.metadataProvider = metadataProvider
        handler.log(event: event)
    }
}

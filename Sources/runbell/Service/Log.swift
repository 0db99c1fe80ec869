import Logging

/// The program's log: lines on standard error.
enum Log {
    /// Must be called once.
    static func start(_ level: Logger.Level) -> Logger {
        LoggingSystem.bootstrap { label in StreamLogHandler.standardError(label: label) }
        var logger = Logger(label: "runbell")
        logger.logLevel = level
        return logger
    }
}

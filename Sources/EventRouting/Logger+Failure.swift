import Logging
import Repository

extension Logger {
    /// Notes that something failed which is tried again. What fails because its task was cancelled, at a shutdown or when
    /// another service could not start, is no error.
    package func failure(_ text: Logger.Message, _ error: RepositoryError, _ metadata: Logger.Metadata = [:]) {
        log(
            level: Task.isCancelled ? .debug : .error, text,
            metadata: metadata.merging(["error": "\(error)"]) { $1 })
    }
}

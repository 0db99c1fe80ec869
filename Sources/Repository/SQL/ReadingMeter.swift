/// Told how long the database has worked on this task's reads. The web layer sets it to charge the caller for them.
///
/// A type and not just a function: an optimized build has no run-time metadata for the type of a task-local function,
/// and crashes (Swift 6.3; a house rule enforces this).
package struct ReadingMeter: Sendable {
    @TaskLocal package static var current: ReadingMeter?

    private let note: @Sendable (Duration) -> Void

    /// - Parameter note: called after each read, on a database thread.
    package init(_ note: @escaping @Sendable (Duration) -> Void) {
        self.note = note
    }

    /// Wraps the body to measure its time.
    static func timing<Value>(
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) -> @Sendable (any SQLConnection) throws(RepositoryError) -> Value {
        // The body runs on a database thread, which cannot see this task's local values.
        guard let meter = current else { return body }
        return { connection throws(RepositoryError) in
            let begin = ContinuousClock.now
            defer { meter.note(.now - begin) }
            return try body(connection)
        }
    }
}

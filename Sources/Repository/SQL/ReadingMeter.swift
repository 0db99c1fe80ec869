/// Hears how long the database has worked for what this task reads. The web layer sets it, so that whoever reads much
/// pays for it.
package enum ReadingMeter {
    @TaskLocal package static var note: (@Sendable (Duration) -> Void)?

    /// The body with its time taken.
    static func timing<Value>(
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) -> @Sendable (any SQLConnection) throws(RepositoryError) -> Value {
        // The body runs on a thread of the database's, where this task's values are not at hand.
        guard let note else { return body }
        return { connection throws(RepositoryError) in
            let begin = ContinuousClock.now
            defer { note(.now - begin) }
            return try body(connection)
        }
    }
}

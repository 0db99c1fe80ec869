/// Hears how long the database has worked for what this task reads. The web layer sets it, so that whoever reads much
/// pays for it.
///
/// A value of its own and not just a function: an optimized build has no metadata at run time for the type of a function
/// that is bound to a task, and crashes (Swift 6.3; a house rule keeps it so).
package struct ReadingMeter: Sendable {
    @TaskLocal package static var current: ReadingMeter?

    private let note: @Sendable (Duration) -> Void

    /// - Parameter note: is called after each read, on a thread of the database's.
    package init(_ note: @escaping @Sendable (Duration) -> Void) {
        self.note = note
    }

    /// The body with its time taken.
    static func timing<Value>(
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) -> @Sendable (any SQLConnection) throws(RepositoryError) -> Value {
        // The body runs on a thread of the database's, where this task's values are not at hand.
        guard let meter = current else { return body }
        return { connection throws(RepositoryError) in
            let begin = ContinuousClock.now
            defer { meter.note(.now - begin) }
            return try body(connection)
        }
    }
}

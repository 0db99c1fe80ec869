import Notifications

extension DeliveryStore {
    /// The wall clock was set by `delta`: from now on, what is read as the time follows it. No due time changes.
    ///
    /// The clock follows when its row is on disk. What is written in the moment between is dated by the time before.
    package func followWallClock(by delta: Duration, of clock: ServiceClock) async throws(RepositoryError) {
        try await context.database.write { connection throws(RepositoryError) in
            try connection.execute(
                "UPDATE service_clock SET lead = lead - $1 WHERE id = 1", [SQLValue(delta.microseconds)])
        }
        clock.follow(by: delta)
    }
}

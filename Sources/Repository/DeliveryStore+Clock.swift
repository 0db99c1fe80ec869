import Notifications

extension DeliveryStore {
    /// Called when the wall clock was set by `delta`: from now on `now` follows it. No due time changes.
    ///
    /// The clock changes once its row is on disk. Rows written in the moment between have the old time.
    package func followWallClock(by delta: Duration, of clock: ServiceClock) async throws(RepositoryError) {
        try await context.database.write(in: .noOrganization) { connection throws(RepositoryError) in
            try connection.execute(
                "UPDATE service_clock SET lead = lead - $1 WHERE id = 1", [SQLValue(delta.microseconds)])
        }
        clock.follow(by: delta)
    }
}

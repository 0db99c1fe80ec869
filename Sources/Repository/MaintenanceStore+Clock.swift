import Notifications

extension MaintenanceStore {
    /// Remembers how late it is by the clock of due times: the next process begins no sooner.
    package func noteTime() async throws(RepositoryError) {
        let now = context.scheduled()
        try await context.database.write { connection throws(RepositoryError) in
            try connection.execute("UPDATE service_clock SET seen = $1 WHERE id = 1", [SQLValue(now)])
        }
    }
}

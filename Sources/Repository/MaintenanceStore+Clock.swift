import Notifications

extension MaintenanceStore {
    /// Saves the time of the due-time clock: the next process starts no earlier than that.
    package func noteTime() async throws(RepositoryError) {
        let now = context.scheduled()
        try await context.database.write(in: .noOrganization) { connection throws(RepositoryError) in
            try connection.execute("UPDATE service_clock SET seen = $1 WHERE id = 1", [SQLValue(now)])
        }
    }
}

import Notifications

extension MaintenanceStore {
    /// Organizations with something expired; at most 500.
    package func organizationsToPrune(_ calendar: RetentionCalendar) async throws(RepositoryError) -> [OrganizationID] {
        while true {
            let at = context.now()
            let visits = try await context.database.read(in: .wholeService) { connection throws(RepositoryError) in
                try connection.rows(
                    calendar.statement, [SQLValue(at), SQLValue(at + RetentionCalendar.longest * 2)]
                ) { row in RetentionVisit(row, kinds: calendar.kinds) }
            }
            let due = visits.filter { $0.isDue(at) }
            let others = visits.filter { !$0.isDue(at) }
            if !others.isEmpty { try await putOff(others, in: calendar, at: at) }
            if !due.isEmpty || visits.count < RetentionCalendar.organizationsAtOnce { return due.map(\.organization) }
        }
    }

    /// A time that has changed meanwhile is kept.
    private func putOff(
        _ visits: [RetentionVisit], in calendar: RetentionCalendar, at: Timestamp
    ) async throws(RepositoryError) {
        let column = calendar.dueAt
        try await context.database.write(in: .wholeService) { connection throws(RepositoryError) in
            try connection.executeMany(
                "UPDATE organizations SET \(column) = $3 WHERE organization_id = $1 AND \(column) = $2",
                visits.map { [SQLValue($0.organization), SQLValue($0.dueAt), SQLValue($0.next(at))] })
        }
    }
}

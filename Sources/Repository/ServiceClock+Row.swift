import Notifications

/// The row of the service's clock.
extension ServiceClock {
    /// Continues the previous process's clock and saves it for the next one.
    ///
    /// - Parameter boot: identifies the current boot of the machine.
    package static func load(
        from database: any SQLDatabase, wall: @escaping @Sendable () -> Timestamp,
        steady: @escaping @Sendable () -> Duration, boot: String
    ) async throws(RepositoryError) -> ServiceClock {
        try await database.write(in: .noOrganization) { connection throws(RepositoryError) in
            let reading = try connection.row(
                "SELECT boot_id, base, lead, seen FROM service_clock WHERE id = 1", []
            ) { row in ClockReading(row) }
            let clock = ServiceClock(wall: wall, steady: steady, goingOnFrom: reading, boot: boot)
            try connection.remember(clock.reading(in: boot))
            return clock
        }
    }

    /// The clock of a node over a shared database. If a process that had the database for itself moved its clock away
    /// from the wall clock, due times keep that distance.
    package static func load(
        from database: any SQLDatabase, following link: any NodeLink, steady: @escaping @Sendable () -> Duration
    ) async throws(RepositoryError) -> ServiceClock {
        let lead = try await database.write(in: .noOrganization) { connection throws(RepositoryError) in
            try connection.execute(
                """
                INSERT INTO service_clock (id, boot_id, base, lead, seen) VALUES (1, '', 0, 0, 0)
                ON CONFLICT (id) DO NOTHING
                """, [])
            return try connection.row("SELECT lead FROM service_clock WHERE id = 1", []) { row in
                Duration.microseconds(row.integer(0))
            }
        }
        let clock = ServiceClock(ahead: lead ?? .zero, steady: steady)
        try await clock.set(by: link)
        return clock
    }
}

extension SQLConnection {
    fileprivate func remember(_ reading: ClockReading) throws(RepositoryError) {
        try execute(
            """
            INSERT INTO service_clock (id, boot_id, base, lead, seen) VALUES (1, $1, $2, $3, $4)
            ON CONFLICT (id) DO UPDATE SET boot_id = $1, base = $2, lead = $3, seen = $4
            """,
            [
                SQLValue(reading.boot), SQLValue(reading.base), SQLValue(reading.lead.microseconds),
                SQLValue(reading.seen),
            ])
    }
}

extension ClockReading {
    fileprivate init(_ row: any SQLRow) {
        self.init(boot: row.text(0), base: row.time(1), lead: .microseconds(row.integer(2)), seen: row.time(3))
    }
}

/// A due time, converted to the wall clock for people.
enum ShownTime {
    /// In SQL; `column` must be our own text.
    static func of(_ column: StaticString) -> String {
        "(\(column) - coalesce((SELECT lead FROM service_clock WHERE id = 1), 0))"
    }
}

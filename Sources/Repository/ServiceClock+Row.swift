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
        try await database.write { connection throws(RepositoryError) in
            let reading = try connection.row(
                "SELECT boot_id, base, lead, seen FROM service_clock WHERE id = 1", []
            ) { row in ClockReading(row) }
            let clock = ServiceClock(wall: wall, steady: steady, goingOnFrom: reading, boot: boot)
            try connection.remember(clock.reading(in: boot))
            return clock
        }
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

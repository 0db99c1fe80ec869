/// One numbered step of the schema. Each dialect has its own SQL for a step; the numbers are the same in all.
package struct Migration: Sendable {
    package let number: Int64
    package let name: String
    package let sql: String
    /// The oldest schema whose programs can still use the database after this step. Most steps only extend it, and all can.
    package let oldest: Int64

    /// The steps for SQLite, in order. Each file in `sql/` is listed once (checked by a house rule).
    package static let sqlite = [
        Migration(number: 1, name: "first", bytes: PackageResources._001_first_sqlite_sql),
        Migration(number: 2, name: "message_of_start", bytes: PackageResources._002_message_of_start_sqlite_sql),
        Migration(number: 3, name: "channel_hours", bytes: PackageResources._003_channel_hours_sqlite_sql),
        Migration(number: 4, name: "attempt_details", bytes: PackageResources._004_attempt_details_sqlite_sql),
        Migration(number: 5, name: "channel_tests", bytes: PackageResources._005_channel_tests_sqlite_sql),
        Migration(number: 6, name: "key_defaults", bytes: PackageResources._006_key_defaults_sqlite_sql),
        Migration(number: 7, name: "finding", bytes: PackageResources._007_finding_sqlite_sql),
        Migration(number: 8, name: "copies", bytes: PackageResources._008_copies_sqlite_sql),
        Migration(number: 9, name: "member_names", bytes: PackageResources._009_member_names_sqlite_sql),
        Migration(number: 10, name: "nodes", bytes: PackageResources._010_nodes_sqlite_sql),
        Migration(number: 11, name: "row_security", bytes: PackageResources._011_row_security_sqlite_sql),
        Migration(number: 12, name: "cheaper_checks", bytes: PackageResources._012_cheaper_checks_sqlite_sql),
    ]

    /// The same steps for PostgreSQL.
    package static let postgresql = [
        Migration(number: 1, name: "first", bytes: PackageResources._001_first_postgresql_sql),
        Migration(
            number: 2, name: "message_of_start", bytes: PackageResources._002_message_of_start_postgresql_sql),
        Migration(number: 3, name: "channel_hours", bytes: PackageResources._003_channel_hours_postgresql_sql),
        Migration(number: 4, name: "attempt_details", bytes: PackageResources._004_attempt_details_postgresql_sql),
        Migration(number: 5, name: "channel_tests", bytes: PackageResources._005_channel_tests_postgresql_sql),
        Migration(number: 6, name: "key_defaults", bytes: PackageResources._006_key_defaults_postgresql_sql),
        Migration(number: 7, name: "finding", bytes: PackageResources._007_finding_postgresql_sql),
        Migration(number: 8, name: "copies", bytes: PackageResources._008_copies_postgresql_sql),
        Migration(number: 9, name: "member_names", bytes: PackageResources._009_member_names_postgresql_sql),
        Migration(number: 10, name: "nodes", bytes: PackageResources._010_nodes_postgresql_sql),
        // Programs from before see nothing.
        Migration(
            number: 11, name: "row_security", bytes: PackageResources._011_row_security_postgresql_sql, oldest: 11),
        Migration(number: 12, name: "cheaper_checks", bytes: PackageResources._012_cheaper_checks_postgresql_sql),
    ]

    package init(number: Int64, name: String, sql: String, oldest: Int64 = 0) {
        self.number = number
        self.name = name
        self.sql = sql
        self.oldest = oldest
    }

    private init(number: Int64, name: String, bytes: [UInt8], oldest: Int64 = 0) {
        self.init(number: number, name: name, sql: String(decoding: bytes, as: UTF8.self), oldest: oldest)
    }
}

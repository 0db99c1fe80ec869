/// One numbered step of the schema. A dialect has its own text for a step; the numbers are the same in all of them.
package struct Migration: Sendable {
    package let number: Int64
    package let name: String
    package let sql: String

    /// The steps for SQLite, in their order. Each file in `sql/` stands here once (a house rule checks it).
    package static let sqlite = [
        Migration(number: 1, name: "initial", bytes: PackageResources._001_initial_sqlite_sql),
        Migration(number: 2, name: "delivery_engine", bytes: PackageResources._002_delivery_engine_sqlite_sql),
        Migration(number: 3, name: "pages", bytes: PackageResources._003_pages_sqlite_sql),
        Migration(number: 4, name: "retention", bytes: PackageResources._004_retention_sqlite_sql),
        Migration(number: 5, name: "settlements", bytes: PackageResources._005_settlements_sqlite_sql),
        Migration(number: 6, name: "ledger_totals", bytes: PackageResources._006_ledger_totals_sqlite_sql),
        Migration(number: 7, name: "unsuccessful", bytes: PackageResources._007_unsuccessful_sqlite_sql),
        Migration(number: 8, name: "tried_time", bytes: PackageResources._008_tried_time_sqlite_sql),
        Migration(number: 9, name: "local_trouble", bytes: PackageResources._009_local_trouble_sqlite_sql),
        Migration(number: 11, name: "kept_secrets", bytes: PackageResources._011_kept_secrets_sqlite_sql),
        Migration(number: 12, name: "channels_in_use", bytes: PackageResources._012_channels_in_use_sqlite_sql),
        Migration(number: 13, name: "service_clock", bytes: PackageResources._013_service_clock_sqlite_sql),
        Migration(number: 14, name: "events_for_rules", bytes: PackageResources._014_events_for_rules_sqlite_sql),
    ]

    private init(number: Int64, name: String, bytes: [UInt8]) {
        self.number = number
        self.name = name
        self.sql = String(decoding: bytes, as: UTF8.self)
    }
}

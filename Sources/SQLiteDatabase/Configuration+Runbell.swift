import Dispatch
import GRDB

extension Configuration {
    /// Seconds.
    static let busyTimeout = 5.0
    /// Holds the pages that an event to many channels touches: one page per channel in an index by channel.
    private static let kibibytesOfWritersCache = 16_384

    /// The settings of every connection; docs/architecture.md gives the reasons.
    static func runbell(readers: Int) -> Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(busyTimeout)
        configuration.maximumReaderCount = readers
        configuration.foreignKeysEnabled = true
        // The operating system prefers other threads to readers (nice 2 on Linux, which needs no privilege).
        configuration.qos = .utility
        configuration.writeTargetQueue = DispatchQueue(label: "runbell.writer", qos: .userInitiated)
        configuration.label = "runbell"
        configuration.prepareDatabase { database in
            if !database.configuration.readonly {
                // Must come before the first table is created.
                try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
                try database.execute(sql: "PRAGMA secure_delete = ON")
                try database.execute(sql: "PRAGMA cache_size = -\(kibibytesOfWritersCache)")
            }
            try database.execute(sql: "PRAGMA cell_size_check = ON")
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
            try database.execute(sql: "PRAGMA temp_store = MEMORY")
            // With a mapped file, an I/O error would be a signal.
            try database.execute(sql: "PRAGMA mmap_size = 0")
        }
        return configuration
    }
}

/// How much of the database reads may use (docs/architecture.md, "Reads").
package struct ReadLimits: Sendable {
    /// Connections for reading.
    package var readers = 6
    /// How many of these are reserved for short reads.
    package var kept = 2
    /// Concurrent long reads per organization.
    package var ofOneOrganization = 2
    /// Waiting long reads per organization.
    package var waiting = 64
    /// How long a read may wait, except the service's own.
    package var patience = Duration.seconds(5)
    /// The time limit of a read.
    package var time = Duration.seconds(2)
    /// The time limit of the service's own reads.
    package var ownTime = Duration.seconds(10)
    /// 256 MiB in pages of 4 KiB: when the write-ahead log is longer, long reads wait until it has been restarted.
    package var logPages = 65_536

    /// The defaults that the service runs with.
    package init() {}

    /// How long a read of that kind may take.
    package func time(of read: DatabaseRead) -> Duration { read == .own ? ownTime : time }

    /// How many reads of that line may run at once.
    func room(of read: DatabaseRead) -> Int {
        switch read {
        case .short: readers
        case .long: ofOneOrganization
        case .own: 1
        }
    }
}

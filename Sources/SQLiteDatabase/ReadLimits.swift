import Repository

/// What reads may take of the database (docs/architecture.md, "Reads").
package struct ReadLimits: Sendable {
    /// Connections that read.
    package var readers = 6
    /// Of these, so many are only for short reads.
    package var kept = 2
    /// Long reads of one organization at once.
    package var ofOneOrganization = 2
    /// Long reads of one organization that wait.
    package var waiting = 64
    /// How long they wait.
    package var patience = Duration.seconds(5)
    /// After that a read ends.
    package var time = Duration.seconds(2)
    /// After that one of the service's own ends.
    package var ownTime = Duration.seconds(10)
    /// Pages of 4 KiB in the write-ahead log: above, long reads wait until it has been restarted. 256 MiB.
    package var logPages = 65_536

    /// The limits that the service runs with.
    package init() {}

    func time(of read: DatabaseRead) -> Duration { read == .own ? ownTime : time }

    /// How many reads of that line run at once.
    func room(of read: DatabaseRead) -> Int {
        switch read {
        case .short: readers
        case .long: ofOneOrganization
        case .own: 1
        }
    }
}

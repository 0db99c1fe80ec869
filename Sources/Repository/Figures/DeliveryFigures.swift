import Notifications

/// What became of the deliveries of the last seven days, and what waits.
package struct DeliveryFigures: Sendable {
    /// The current hour and those before it, oldest first; an hour in which nothing was sent has an empty tally.
    package let hours: [Hour]
    package let waiting: Waiting

    /// An hour that has begun by then, and what was sent in it.
    package struct Hour: Sendable {
        package let start: Timestamp
        package let tally: DeliveryTally

        package init(start: Timestamp, tally: DeliveryTally) {
            self.start = start
            self.tally = tally
        }
    }

    /// Deliveries that are due, now or later.
    package enum Waiting: Equatable, Sendable {
        case nothing
        /// That many, of which the oldest was created then.
        case some(Int, since: Timestamp)
        /// More than were counted.
        case many(moreThan: Int)
    }

    /// How many hours there are.
    package static let length = 7 * 24

    /// What became of the deliveries of the newest hours.
    package func total(ofHours count: Int) -> DeliveryTally {
        hours.suffix(count).reduce(into: DeliveryTally()) { $0 += $1.tally }
    }
}

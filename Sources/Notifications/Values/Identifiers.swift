/// A 64-bit number that the calling application owns: Runbell stores it and never makes one.
package struct NumericID<Subject>: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: Int64

    package init(_ value: Int64) {
        self.value = value
    }

    package var description: String { String(value) }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.value < rhs.value }
}

extension NumericID where Subject == Organization {
    /// Stands for the installation itself, whose audit log tells what belongs to no organization: the operator's signing
    /// in. No organization has this id.
    package static let installation = OrganizationID(.min)
}

/// An id that Runbell makes: a lower-case UUID, version 7 (RFC 9562), so that ids sort by the time they were made.
package struct UniqueID<Subject>: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// Takes a text that already is such an id, say from the database.
    package init(trusted text: String) {
        self.text = text
    }

    /// Reads an id that somebody sent: 36 characters, lower case, hyphens in their places; otherwise nil.
    package init?(_ text: some StringProtocol) {
        guard UUIDText.isCanonical(text) else { return nil }
        self.text = String(text)
    }

    /// Makes a new id.
    package init(at time: Timestamp) {
        self.text = UUIDText.version7(microseconds: time.microseconds)
    }

    /// Sorts before every id made at that moment or later, and behind every earlier one: ids sort by their moments.
    package static func lowest(at time: Timestamp) -> UniqueID {
        UniqueID(trusted: UUIDText.lowest(microseconds: time.microseconds))
    }

    package var description: String { text }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.text < rhs.text }
}

/// Subjects that have an id but no value of their own in Runbell.
package enum Project {}
package enum LoadTest {}

package typealias OrganizationID = NumericID<Organization>
package typealias UserID = NumericID<Member>
package typealias ProjectID = NumericID<Project>
package typealias LoadTestID = NumericID<LoadTest>
package typealias LoadTestRunID = NumericID<LoadTestRun>

package typealias ChannelID = UniqueID<Channel>
package typealias EventID = UniqueID<Event>
package typealias DeliveryID = UniqueID<Delivery>
package typealias ReplayID = UniqueID<Replay>
package typealias KeyID = UniqueID<APIKey>

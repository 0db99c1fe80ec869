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

/// A 64-bit number assigned by the calling application: Runbell stores it and never generates one.
package struct NumericID<Subject>: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let value: Int64

    package init(_ value: Int64) {
        self.value = value
    }

    package var description: String { String(value) }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.value < rhs.value }
}

extension NumericID where Subject == Organization {
    /// The installation itself, whose audit log contains what belongs to no organization, such as sign-ins of the
    /// operator. No organization has this id.
    package static let installation = OrganizationID(.min)
}

/// A project has only an id in Runbell.
package enum Project {}
/// A load test has only an id in Runbell.
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

import Notifications

/// A process that uses the database, alone or beside others. Deliveries are claimed in its name.
package struct Node: Sendable {
    /// Its own at every start, so that it reclaims at once what it held before. No two that run may share one.
    package let id: String
    /// The machine, for people.
    package let host: String
    package let version: String

    package init(id: String, host: String = "", version: String = "") {
        self.id = id
        self.host = host
        self.version = version
    }

    /// For a database that only one process at a time can have.
    package static let only = "service"
}

/// A node, as the database knows it.
package struct KnownNode: Sendable {
    package let node: Node
    package let startedAt: Timestamp
    /// Its last sign of life.
    package let seenAt: Timestamp
    package let isAlive: Bool
    /// Whether it does the maintenance.
    package let isInCharge: Bool
    /// Deliveries that it has claimed.
    package let deliveries: Int
}

/// What a node learned when it gave a sign of life.
package struct Beat: Sendable {
    /// The ids of all nodes that are alive.
    package let alive: Set<String>
    /// Those that were found gone, whose deliveries are due again.
    package let gone: [String]
}

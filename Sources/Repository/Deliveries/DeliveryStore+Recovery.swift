import Notifications

extension DeliveryStore {
    /// After this many process deaths in a row during its attempts, a delivery is suspected of causing them.
    static let interruptionsOfSuspects: Int64 = 2
    /// How long suspects wait before they are sent, group by group. Deliveries that were in flight with them go at once,
    /// so only suspects are in flight when the process dies again. Those then go one at a time, and the one that was
    /// the only suspect at a death is parked. A delivery that merely happened to be in flight during several kills gets
    /// its chance once the process lives longer than this.
    package static let quarantine = Duration.seconds(5)
    /// Suspects that are due together. With one at a time, the thousand that two power cuts leave would take a minute.
    static let groupOfSuspects = 16
    static let pauseBetweenGroups = Duration.milliseconds(50)

    /// Called when a process starts. Makes due again whatever an earlier process of the same id had claimed, which must be
    /// dead by now. Returns all queues that have something due, now or later. What other nodes hold stays theirs; `beat`
    /// finds those that are gone.
    ///
    /// - Parameter isOnly: no other process can be using the database. Then whatever any node holds there is lost: that of
    ///   nodes of another database which this one is a copy of.
    package func begin(as node: Node, isOnly: Bool = false) async throws(RepositoryError) -> [DueQueue] {
        try await context.database.write(in: .wholeService) { [context] connection throws(RepositoryError) in
            let due = context.scheduled()
            for id in try isOnly ? connection.allNodes() + [node.id] : [node.id] {
                _ = try connection.bury(id, at: context.now(), due: due)
            }
            let others = try connection.nodesSeen(since: due - Self.silence)
            try connection.register(node, isInCharge: false, steadySince: due, at: due)
            try connection.lineUpSuspects(at: due, isAlone: others.isEmpty)
            try connection.endLocalHolds()
            return try connection.dueQueues()
        }
    }

    static let interruption = "Runbell stopped during this attempt; it may or may not have been sent."
}

import Repository

/// A set of recently inserted queues in bounded memory: it remembers at least the last `limit` and at most twice as
/// many.
struct RecentQueues {
    private static let limit = 8192

    private var newer: Set<ChannelQueue> = []
    private var older: Set<ChannelQueue> = []

    func contains(_ queue: ChannelQueue) -> Bool { newer.contains(queue) || older.contains(queue) }

    mutating func insert(_ queue: ChannelQueue) {
        guard newer.insert(queue).inserted, newer.count >= Self.limit else { return }
        older = newer
        newer = []
    }

    mutating func remove(_ queue: ChannelQueue) {
        newer.remove(queue)
        older.remove(queue)
    }
}

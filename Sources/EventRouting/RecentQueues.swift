import Repository

/// ChannelQueues that were lately put in, in bounded memory: when many have come since, the oldest are forgotten by halves.
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

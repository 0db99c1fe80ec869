import Repository

/// Lanes that were lately put in, in bounded memory: when many have come since, the oldest are forgotten by halves.
struct RecentLanes {
    private static let limit = 8192

    private var newer: Set<Lane> = []
    private var older: Set<Lane> = []

    func contains(_ lane: Lane) -> Bool { newer.contains(lane) || older.contains(lane) }

    mutating func insert(_ lane: Lane) {
        guard newer.insert(lane).inserted, newer.count >= Self.limit else { return }
        older = newer
        newer = []
    }

    mutating func remove(_ lane: Lane) {
        newer.remove(lane)
        older.remove(lane)
    }
}

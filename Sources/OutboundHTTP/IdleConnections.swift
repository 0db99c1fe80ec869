import NIOCore

/// Idle connections by target, in the order in which they became idle.
struct IdleConnections: Sendable {
    struct Idle {
        let connection: Connection
        let since: NIODeadline
    }

    private(set) var count = 0
    /// The longest idle first; no list is empty.
    private var lists: [DialTarget: [Idle]] = [:]

    var all: [Idle] { Array(lists.values.joined()) }

    func count(of target: DialTarget) -> Int {
        lists[target]?.count ?? 0
    }

    mutating func append(_ connection: Connection, since: NIODeadline) {
        lists[connection.target, default: []].append(Idle(connection: connection, since: since))
        count += 1
    }

    mutating func removeLast(of target: DialTarget) -> Idle? {
        remove(of: target) { $0.indices.last }
    }

    mutating func removeFirst(of target: DialTarget) -> Connection? {
        remove(of: target) { $0.indices.first }?.connection
    }

    /// Searches all targets: only used in the rare case that the pool is full.
    mutating func removeLongestIdle() -> Connection? {
        let firsts = lists.compactMap { target, list in list.first.map { (target, $0.since) } }
        return firsts.min { $0.1 < $1.1 }.flatMap { removeFirst(of: $0.0) }
    }

    mutating func remove(_ connection: Connection) {
        _ = remove(of: connection.target) { list in list.firstIndex { $0.connection === connection } }
    }

    private mutating func remove(of target: DialTarget, at choice: ([Idle]) -> Int?) -> Idle? {
        guard let slot = lists.index(forKey: target), let index = choice(lists.values[slot]) else { return nil }
        let removed = lists.values[slot].remove(at: index)
        count -= 1
        if lists.values[slot].isEmpty { lists.remove(at: slot) }
        return removed
    }
}

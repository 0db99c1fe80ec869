/// A dictionary in bounded memory: it keeps at least the `limit` values that were set last, and at most twice as many.
package struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let limit: Int
    private var newer: [Key: Value] = [:]
    private var older: [Key: Value] = [:]

    package init(limit: Int) {
        self.limit = limit
    }

    package subscript(key: Key) -> Value? { newer[key] ?? older[key] }

    /// Replaces the value that the key may have.
    package mutating func set(_ value: Value, for key: Key) {
        newer[key] = value
        guard newer.count >= limit else { return }
        older = newer
        newer = [:]
    }

    /// Does nothing if there is none.
    package mutating func remove(_ key: Key) {
        newer[key] = nil
        older[key] = nil
    }
}

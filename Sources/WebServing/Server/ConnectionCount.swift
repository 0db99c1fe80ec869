import Synchronization

/// How many connections are open, of those that are answered.
final class ConnectionCount: Sendable {
    private let most: Int
    private let open = Atomic<Int>(0)

    init(most: Int) {
        self.most = most
    }

    /// Counts one more; false when it is one too many. It is to leave in any case.
    func enter() -> Bool {
        open.add(1, ordering: .relaxed).newValue <= most
    }

    func leave() {
        open.subtract(1, ordering: .relaxed)
    }
}

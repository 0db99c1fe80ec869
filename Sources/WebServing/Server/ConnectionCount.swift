import Synchronization

/// Counts the open connections that are being served.
final class ConnectionCount: Sendable {
    private let most: Int
    private let open = Atomic<Int>(0)

    init(most: Int) {
        self.most = most
    }

    /// Adds a connection; false if it is over the limit. It must be removed in either case.
    func enter() -> Bool {
        open.add(1, ordering: .relaxed).newValue <= most
    }

    func leave() {
        open.subtract(1, ordering: .relaxed)
    }
}

import Synchronization

/// How many nodes are alive, as this one knows: limits that hold over all nodes are divided by it.
package final class NodeCount: Sendable {
    private let count = Atomic(1)

    package init() {}

    package var value: Int { count.load(ordering: .relaxed) }

    /// At least this node is alive.
    package func set(_ value: Int) { count.store(max(1, value), ordering: .relaxed) }
}

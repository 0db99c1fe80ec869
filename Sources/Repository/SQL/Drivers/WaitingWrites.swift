/// The bodies that wait for a driver's only writer, and whether it is at work: who adds the first one starts it, and it
/// stops when it finds none. A value.
package struct WaitingWrites {
    private var waiting: [any PendingWrite] = []
    private var isDraining = false

    /// Nothing waits, and the writer is idle.
    package init() {}

    /// Everything that waits, oldest first.
    package var all: [any PendingWrite] { waiting }

    /// True if the caller has to start the writer.
    package mutating func add(_ write: any PendingWrite) -> Bool {
        waiting.append(write)
        defer { isDraining = true }
        return !isDraining
    }

    /// False if nothing waits; the writer then is idle.
    package mutating func hasMore() -> Bool {
        isDraining = !waiting.isEmpty
        return isDraining
    }

    /// Up to `count` of the oldest.
    package mutating func take(_ count: Int) -> [any PendingWrite] {
        let taken = Array(waiting.prefix(count))
        waiting.removeFirst(taken.count)
        return taken
    }

    /// Those that were taken and did not run go first again.
    package mutating func putBack(_ writes: some Collection<any PendingWrite>) {
        waiting.insert(contentsOf: writes, at: 0)
    }
}

import HeapModule

/// What will happen in a simulated world, in order of time.
struct Agenda<Item> {
    private struct Entry: Comparable {
        let at: Duration
        let number: Int
        let item: Item

        static func < (lhs: Self, rhs: Self) -> Bool { (lhs.at, lhs.number) < (rhs.at, rhs.number) }
        static func == (lhs: Self, rhs: Self) -> Bool { lhs.number == rhs.number }
    }

    private var entries = Heap<Entry>()
    private var count = 0

    var nextAt: Duration? { entries.min?.at }

    mutating func add(_ item: Item, at time: Duration) {
        count += 1
        entries.insert(Entry(at: time, number: count, item: item))
    }

    mutating func next() -> (at: Duration, item: Item)? {
        entries.popMin().map { ($0.at, $0.item) }
    }

    /// Drops what no longer applies.
    mutating func keep(_ isKept: (Item) -> Bool) {
        entries = Heap(entries.unordered.filter { isKept($0.item) })
    }
}

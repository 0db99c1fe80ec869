import Notifications

/// Which part of a list is wanted.
package struct PageRequest: Sendable {
    /// 1 to 250.
    package var limit: Int
    package var cursor: Cursor?

    package init(limit: Int = 50, cursor: Cursor? = nil) {
        self.limit = limit
        self.cursor = cursor
    }
}

/// A part of a list.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Where the next part begins; nil at the end.
    package let next: Cursor?

    package init(items: [Item], next: Cursor?) {
        self.items = items
        self.next = next
    }
}

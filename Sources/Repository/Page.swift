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

    /// The position behind which the part begins, for lists that are ordered by a number. A cursor of another list is
    /// refused: passed over, it would begin the list anew.
    func number() throws(RepositoryError) -> Int64? {
        guard let cursor else { return nil }
        guard let number = Int64(cursor.position) else { throw Self.foreign }
        return number
    }

    /// The same for lists that are ordered by an id.
    func id<Subject>() throws(RepositoryError) -> UniqueID<Subject>? {
        guard let cursor else { return nil }
        guard let id = UniqueID<Subject>(cursor.position) else { throw Self.foreign }
        return id
    }

    private static let foreign = RepositoryError.invalid(
        InvalidInput("cursor", "A cursor as next_cursor gave it is expected."))
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

extension Page {
    /// Makes a page of up to `limit` items from one item more, which only shows that there is a next page.
    init(_ items: [Item], limit: Int, position: (Item) -> String) {
        let shown = Array(items.prefix(limit))
        let next = items.count > limit ? shown.last.map { Cursor(position: position($0)) } : nil
        self.init(items: shown, next: next)
    }
}

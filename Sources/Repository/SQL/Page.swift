import Notifications

/// Which part of a list is wanted.
package struct PageRequest: Sendable {
    /// 1 to 250.
    package var limit: Int
    package var cursor: Cursor?

    /// - Parameter limit: from 1 to 250; who reads it from outside checks that.
    package init(limit: Int = 50, cursor: Cursor? = nil) {
        self.limit = limit
        self.cursor = cursor
    }
}

extension PageRequest {
    /// Where to go on in a list that is ordered by a number; nil at its beginning. A cursor of another list is refused:
    /// passed over, it would begin the list anew.
    func sequence() throws(RepositoryError) -> Int64? {
        try position { Int64($0) }
    }

    /// Where to go on in a list that is ordered by ids; nil at its beginning.
    func id<Subject>(of _: Subject.Type) throws(RepositoryError) -> UniqueID<Subject>? {
        try position { UniqueID($0) }
    }

    private func position<Place>(_ read: (String) -> Place?) throws(RepositoryError) -> Place? {
        guard let cursor else { return nil }
        guard let place = read(cursor.position) else { throw .invalid(.cursorOfAnotherList) }
        return place
    }
}

extension InvalidInput {
    package static let cursorOfAnotherList = InvalidInput("cursor", "This cursor belongs to another list.")
}

/// A part of a list.
package struct Page<Item: Sendable>: Sendable {
    package let items: [Item]
    /// Where the next part begins; nil at the end.
    package let next: Cursor?

    /// - Parameter next: nil when there is nothing more.
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

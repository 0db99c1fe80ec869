import Notifications

/// Which part of a list to return.
package struct PageRequest: Sendable {
    /// 1 to 250.
    package var limit: Int
    package var cursor: Cursor?

    /// - Parameter limit: 1 to 250; the caller checks outside input.
    package init(limit: Int = 50, cursor: Cursor? = nil) {
        self.limit = limit
        self.cursor = cursor
    }
}

extension PageRequest {
    /// Where to continue in a list ordered by number; nil for the beginning. Refuses a cursor of another list: ignoring
    /// it would restart the list.
    func sequence() throws(RepositoryError) -> Int64? {
        try position { Int64($0) }
    }

    /// Where to continue in a list ordered by id; nil for the beginning.
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

    /// - Parameter next: nil if there is nothing more.
    package init(items: [Item], next: Cursor?) {
        self.items = items
        self.next = next
    }
}

extension Page {
    /// Makes a page of up to `limit` items. One item more only shows that there is a next page.
    init(_ items: [Item], limit: Int, position: (Item) -> String) {
        let shown = Array(items.prefix(limit))
        let next = items.count > limit ? shown.last.map { Cursor(position: position($0)) } : nil
        self.init(items: shown, next: next)
    }
}

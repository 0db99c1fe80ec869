import Hummingbird
import Notifications
import Repository
import WebServing

extension Page {
    /// `{"data": […], "next_cursor": …}`, the form of every list.
    func json(of request: Request, _ item: (Item) -> JSONValue) -> JSONValue {
        ["data": .array(items.map(item)), "next_cursor": JSONValue(next?.text(of: request.uri.path))]
    }

    /// A page of a list that is short enough to be read whole, ordered by id.
    init<ID: Comparable>(
        of all: [Item], _ request: PageRequest, id: (Item) -> ID, position: (ID) -> String, read: (String) -> ID?
    ) throws(InvalidInput) {
        var rest = all.sorted { id($0) < id($1) }
        if let cursor = request.cursor {
            guard let last = read(cursor.position) else { throw .cursorOfAnotherList }
            rest = rest.filter { id($0) > last }
        }
        let items = Array(rest.prefix(request.limit))
        let next = rest.count > items.count ? items.last.map { Cursor(position: position(id($0))) } : nil
        self.init(items: items, next: next)
    }
}

import Notifications
import Repository
import WebServing

/// The part of a list that a form stands in, which the page goes back to after the form was sent.
struct ListPart: Sendable {
    let request: PageRequest
    /// As a query: `limit=100&cursor=…`; empty for the beginning.
    let text: String

    /// The beginning of a list whose rows are forms.
    static let first = ListPart(PageRequest(limit: QueryReader.longPart), of: "")

    /// - Parameter list: the path of the list that its cursors are valid for.
    init(_ request: PageRequest, of list: String) {
        self.request = request
        text = request.cursor.map { "limit=\(request.limit)&cursor=\($0.text(of: list))" } ?? ""
    }

    /// The part that a form names; the beginning if it names none.
    init(_ form: FormBody, of list: String) {
        var reader = QueryReader(form.text("part"), of: list)
        self.init(reader.longPart(), of: list)
    }

    /// The address of the part after this one; nil if there is none.
    func path(of list: String, next: Cursor?) -> String? {
        next.map { "\(list)?limit=\(request.limit)&cursor=\($0.text(of: list))" }
    }

    /// The address of the list, after what a form did.
    func path(of list: String, done notice: PageNotice) -> String {
        "\(list)?done=\(notice.rawValue)" + (text.isEmpty ? "" : "&\(text)")
    }
}

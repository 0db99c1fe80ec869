import Notifications
import Repository
import WebServing

/// The filter of the audit log. Errors in it are shown, not thrown, since the form is on the same page.
struct AuditSearch: Sendable {
    let filter: AuditFilter
    let page: PageRequest
    let isChainCheckedAnew: Bool
    /// As typed.
    let actor: String
    let action: String
    let target: String
    let since: String
    let until: String
    let errors: [String]
    let query: FilterQuery

    /// - Parameter list: the path of the list that its cursors are valid for.
    init(_ text: String?, of list: String) {
        var reader = QueryReader(text, isOfForm: true, of: list)
        page = reader.part()
        isChainCheckedAnew = reader.text("check")?.sameBytes(as: "whole") == true
        let words = ["actor", "action", "target"].map { ($0, reader.text($0)) }
        let (from, to) = (reader.moment("since"), reader.moment("until"))
        (since, until) = (reader.text("since") ?? "", reader.text("until") ?? "")
        errors = reader.remainingErrors()
        filter = AuditFilter(actor: words[0].1, action: words[1].1, target: words[2].1, since: from, until: to)
        (actor, action, target) = (words[0].1 ?? "", words[1].1 ?? "", words[2].1 ?? "")
        let untimed = words.compactMap { name, value in value.map { "\(name)=\(PercentEncoding.encode($0))" } }
        query = FilterQuery(untimed: untimed, since: from, until: to, page: page)
    }
}

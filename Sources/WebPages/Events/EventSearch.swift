import Notifications
import Repository
import WebServing

/// The filter of the list of events. Errors in it are shown, not thrown, since the form is on the same page.
struct EventSearch: Sendable {
    let filter: EventFilter
    let page: PageRequest
    /// As typed.
    let runText: String
    let nameText: String
    let projectText: String
    let sinceText: String
    let untilText: String
    let errors: [String]
    let query: FilterQuery

    /// - Parameter list: the path of the list that its cursors are valid for.
    init(_ text: String?, of list: String) {
        var reader = QueryReader(text, isOfForm: true, of: list)
        let page = reader.part()
        let type: EventType? = reader.choice("type")
        let run: LoadTestRunID? = reader.numericID("run")
        let project: ProjectID? = reader.numericID("project")
        let status = reader.value("status", "Must be a documented code, -1 to 12.") { code in
            Int64(code).flatMap(TestStatus.init(rawValue:))
        }
        let name = reader.text("name")
        (nameText, projectText) = (name ?? "", reader.text("project") ?? "")
        let since = reader.moment("since")
        let until = reader.moment("until")
        (runText, sinceText) = (reader.text("run") ?? "", reader.text("since") ?? "")
        untilText = reader.text("until") ?? ""
        errors = reader.remainingErrors()
        self.page = page
        filter = EventFilter(
            type: type, runID: run, statuses: status.map { [$0] }, projectID: project, name: name, since: since,
            until: until)
        let untimed = [
            name.map { "name=\(PercentEncoding.encode($0))" }, type.map { "type=\($0.rawValue)" },
            status.map { "status=\($0.code)" }, project.map { "project=\($0)" }, run.map { "run=\($0)" },
        ].compactMap { $0 }
        query = FilterQuery(untimed: untimed, since: since, until: until, page: page)
    }
}

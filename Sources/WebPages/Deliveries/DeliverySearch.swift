import Notifications
import Repository
import WebServing

/// The filter of the list of deliveries. Errors in it are shown, not thrown, since the form is on the same page.
struct DeliverySearch: Sendable {
    let filter: DeliveryFilter
    let page: PageRequest
    /// As typed.
    let runText: String
    let sinceText: String
    let untilText: String
    /// The channel as typed, if that is no ID.
    let channelName: String?
    var errors: [String]
    /// About the last action.
    let notice: PageNotice?
    let query: FilterQuery

    /// - Parameter list: the path of the list that its cursors are valid for.
    init(_ text: String?, of list: String) {
        var reader = QueryReader(text, isOfForm: true, of: list)
        let page = reader.part()
        notice = reader.text("done").flatMap(PageNotice.init(word:))
        let state: DeliveryState? = reader.choice("state")
        let channelText = reader.text("channel")
        let channel = channelText.flatMap { ChannelID($0) }
        channelName = channel == nil ? channelText : nil
        let run: LoadTestRunID? = reader.numericID("run")
        runText = reader.text("run") ?? ""
        sinceText = reader.text("since") ?? ""
        untilText = reader.text("until") ?? ""
        let since = reader.moment("since")
        let until = reader.moment("until")
        errors = reader.remainingErrors()
        self.page = page
        filter = DeliveryFilter(state: state, channelID: channel, runID: run, since: since, until: until)
        let untimed = [
            state.map { "state=\($0.rawValue)" }, channel.map { "channel=\($0)" }, run.map { "run=\($0)" },
        ].compactMap { $0 }
        query = FilterQuery(untimed: untimed, since: since, until: until, page: page)
    }

    /// The same part of the list with the same filter, as a query.
    func here(in list: String) -> String {
        let parts = [query.text, page.cursor.map { "cursor=\($0.text(of: list))" } ?? ""]
        return parts.filter { !$0.isEmpty }.joined(separator: "&")
    }

    /// Whether it is known what to look for.
    var isComplete: Bool { errors.isEmpty && channelName == nil }
}

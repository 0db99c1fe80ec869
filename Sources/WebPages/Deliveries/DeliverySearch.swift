import Notifications
import Repository
import WebServing

/// The filter of the list of deliveries. Errors in it are shown, not thrown, since the form is on the same page.
struct DeliverySearch: Sendable {
    let filter: DeliveryFilter
    let page: PageRequest
    let sinceText: String
    let untilText: String
    let errors: [String]
    /// The filter as a query, without the cursor.
    let query: String

    /// - Parameter list: the path of the list that its cursors are valid for.
    init(_ text: String?, of list: String) throws(InvalidInput) {
        var reader = QueryReader(text, isOfForm: true, of: list)
        let page = reader.page()
        let state: DeliveryState? = reader.choice("state")
        let channel: ChannelID? = reader.uniqueID("channel")
        let run: LoadTestRunID? = reader.numericID("run")
        sinceText = reader.text("since") ?? ""
        untilText = reader.text("until") ?? ""
        let since = Self.moment(&reader, "since")
        let until = Self.moment(&reader, "until")
        var errors: [String] = []
        do throws(InvalidInput) {
            try reader.finish()
        } catch {
            errors = error.errors.map { "\($0.field): \($0.message)" }
        }
        self.errors = errors
        self.page = errors.isEmpty ? page : PageRequest()
        filter = DeliveryFilter(state: state, channelID: channel, runID: run, since: since, until: until)
        let parts = [
            state.map { "state=\($0.rawValue)" }, channel.map { "channel=\($0)" }, run.map { "run=\($0)" },
            since.map { "since=\($0)" }, until.map { "until=\($0)" },
        ]
        query = parts.compactMap { $0 }.joined(separator: "&")
    }

    private static func moment(_ reader: inout QueryReader, _ name: String) -> Timestamp? {
        reader.value(name, "Enter a time such as 2026-11-24 10:12.") { Timestamp(typed: $0) }
    }
}

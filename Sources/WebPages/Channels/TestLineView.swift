import Notifications

/// A test of the channel, in its history.
struct TestLineView: Sendable {
    let id: String
    let at: TimeView
    let actor: String
    let state: StateView
    let finding: String?
    /// `200`, or nil without an answer.
    let status: String?
    let duration: String
    let isAsSaved: Bool

    init(_ test: ChannelTest, _ names: DisplayNames) {
        id = test.id.text
        at = TimeView(test.at)
        actor = names.who(test.actor)
        state = StateView(test: test.verdict, test.finding)
        finding = test.finding?.text
        status = test.status.map(String.init)
        duration = test.duration.short
        isAsSaved = test.isAsSaved
    }
}

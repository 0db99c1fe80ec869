import Notifications
import Repository

/// A channel in the list of all channels.
struct ChannelLineView: Sendable {
    let path: String
    let name: String
    /// If another one looks the same.
    let address: ShownAddress?
    let kind: String
    let state: StateView
    /// What else there is to say about its state.
    let reason: String?
    /// Since when it has been failing.
    let since: TimeView?
    let awaitsRecipients: Bool
    let wants: String
    let lastSuccess: TimeView?
    let undoPath: String?

    init(_ line: ChannelBoardLine, in page: PageContext) {
        path = page.path("channels/\(line.id)")
        name = DisplayText.line(line.name)
        address = line.address
        kind = line.kindName
        state = StateView(line.condition)
        let isFailing = line.condition == .failing
        since = isFailing ? TimeView(line.health?.failingSince) : nil
        reason =
            line.isLeaving ? "is being removed" : isFailing ? line.health?.finding?.text : line.disabledReason
        awaitsRecipients = line.awaitsRecipients
        wants = line.subscription.words
        lastSuccess = TimeView(line.health?.lastSuccess)
        undoPath = line.isLeaving && page.mayAdminister ? path + "/undo-removal" : nil
    }
}

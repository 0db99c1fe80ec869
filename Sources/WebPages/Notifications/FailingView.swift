import Repository

/// That channels are failing, at the top of the page.
struct FailingView: Sendable {
    /// `One channel is failing`
    let words: String
    let path: String

    init?(_ board: ChannelBoard, in page: PageContext) {
        guard let count = board.counts[.failing] else { return nil }
        words = count == 1 ? "One channel is failing" : "\(count) channels are failing"
        path = page.path("notifications?show=\(ChannelCondition.failing.rawValue)#all-title")
    }
}

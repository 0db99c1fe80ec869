import Notifications
import Repository

/// That channels are failing, or were disabled by Runbell, at the top of the page.
struct FailingView: Sendable {
    /// `One channel is failing`
    let words: String
    /// What that means, as the rest of the sentence.
    let meaning: String
    let path: String

    static func all(_ board: ChannelBoard, in page: PageContext) -> [FailingView] {
        [
            FailingView(board.counts[.failing], "failing", "the last attempt was not successful", .failing, page),
            FailingView(board.disabledByItself, "disabled by Runbell", "nothing is sent there", .disabled, page),
        ].compactMap { $0 }
    }

    private init?(
        _ count: Int?, _ word: String, _ meaning: String, _ condition: ChannelCondition, _ page: PageContext
    ) {
        guard let count, count > 0 else { return nil }
        words = count == 1 ? "One channel is \(word)" : "\(count) channels are \(word)"
        self.meaning = meaning
        path = page.path("notifications?show=\(condition.rawValue)#all-title")
    }
}

/// What the kinds that set the statuses of commits have in common.
extension EventContent {
    /// Statuses need a commit. The test event needs none: it only reads the repository.
    var declineWithoutCommit: Decline? {
        switch self {
        case .testStarted(let run), .testFinished(let run): run.context.commit == nil ? .commit : nil
        case .channelAlert: .commit
        case .testNotificationChannel, .unreadable: nil
        }
    }
}

extension Notice {
    /// `Failed threshold (12): Checkout · run 4711, project 9, user 7`, with at most this many UTF-16 units. The name is
    /// cut first.
    func commitDescription(_ limit: Int) -> String {
        guard let run = content.run else { return "" }
        let status = "\(run.status.text) (\(run.status.code)): "
        let numbers = " · run \(run.id), project \(run.projectID), user \(run.userID)"
        let left = limit - status.utf16.count - numbers.utf16.count
        return status + DisplayText.cut(ChatText.linkless(run.displayName), to: left) + numbers
    }
}

extension HTTPMessage {
    /// A request that changes nothing: what the test event becomes.
    static func reading(_ url: String, headers: [Header]) -> HTTPMessage {
        HTTPMessage(method: .get, url: url, headers: [.init("User-Agent", "Runbell/1.0")] + headers, body: [])
    }
}

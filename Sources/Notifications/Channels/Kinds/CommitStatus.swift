/// What the kinds that set the statuses of commits have in common.
extension EventContent {
    /// Statuses need a commit. The test event needs none: it only reads the repository.
    var declineWithoutCommit: Decline? {
        switch self {
        case .testStarted(let run), .testFinished(let run): run.context.commit == nil ? .commit : nil
        case .messagePosted, .channelAlert: .commit
        case .testNotificationChannel, .unreadable: nil
        }
    }
}

extension Notice {
    /// `Failed threshold (12): Checkout · run 4711, project 9, user 7`, with at most this many UTF-16 units. The name is
    /// cut first. `spell` replaces characters that the service does not take.
    func commitDescription(_ limit: Int, spelling spell: (String) -> String = { $0 }) -> String {
        guard let run = content.run else { return "" }
        let status = "\(run.status.text) (\(run.status.code)): "
        let name = run.userName == nil ? nil : spell(ChatText.linkless(run.startedBy))
        let user = name.map { DisplayText.cut($0, to: 30) } ?? "user \(run.userID)"
        let numbers = " · run \(run.id), project \(run.projectID), \(user)"
        let left = limit - status.utf16.count - numbers.utf16.count
        return status + DisplayText.cut(spell(ChatText.linkless(run.displayName)), to: left) + numbers
    }
}

extension HTTPMessage {
    /// A request that changes nothing: what the test event becomes.
    static func reading(_ url: String, headers: [Header]) -> HTTPMessage {
        HTTPMessage(method: .get, url: url, headers: [.init("User-Agent", "Runbell/1.0")] + headers, body: [])
    }
}

extension MessagePreview {
    /// Shows the status of a commit: a line with its name, what it says, and a link.
    ///
    /// - Parameters:
    ///   - url: ends in the commit's hash.
    ///   - key: the member that holds the status's name.
    ///   - colors: by state.
    init?(
        service: String, statusAt url: String, in body: [UInt8], named key: String,
        colors: KeyValuePairs<String, String>
    ) {
        guard let status = try? JSONValue.parse(body), let state = status["state"]?.string else { return nil }
        let commit = url.pieces(between: "/").last.map { $0.prefix(bytes: 8) } ?? ""
        let link = status["target_url"]?.string
        self.init(
            service: service, from: "Commit \(commit)", text: nil,
            color: colors.first { $0.key.sameBytes(as: state) }?.value ?? "#57606a",
            title: status[key]?.string ?? "", body: status["description"]?.string ?? "",
            facts: [Fact(label: "State", value: state, lozenge: nil)], link: link,
            linkLabel: link == nil ? nil : "Details", footer: nil)
    }
}

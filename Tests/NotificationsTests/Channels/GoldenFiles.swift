import Foundation
import Notifications
import Testing

/// Whole requests, readable, in Data/golden. `RUNBELL_GOLDEN=rewrite` rewrites them; review the diff like code.
@Suite struct GoldenFiles {
    static let events: [(name: String, content: EventContent, link: String?)] = [
        ("test", .testNotificationChannel, nil),
        ("started", .testStarted(Samples.run(.running)), Samples.runLink),
        ("finished", .testFinished(Samples.run(.finished)), Samples.runLink),
        ("aborted-by-user", .testFinished(Samples.run(.abortedByUser)), nil),
        ("script-error", .testFinished(Samples.run(.abortedByScriptError)), Samples.runLink),
        ("timed-out", .testFinished(Samples.run(.timedOut)), Samples.runLink),
        ("aborted-by-system", .testFinished(Samples.run(.abortedBySystem)), Samples.runLink),
        ("aborted-by-threshold", .testFinished(Samples.run(.abortedByThreshold)), Samples.runLink),
        ("failed-threshold", .testFinished(Samples.run(.failedThreshold)), Samples.runLink),
        ("additional-fields", .testFinished(Samples.run(.failedThreshold, context: Samples.context)), nil),
        ("named-user", .testFinished(Samples.run(.failedThreshold, userName: #"Anna <b>@here</b> *x*"#)), nil),
        ("message-posted", Samples.message, nil),
        ("message-in-text", Samples.textMessage, nil),
        ("channel-disabled", Samples.alert(.disabled), nil),
        ("channel-unreachable", Samples.alert(.unreachable), nil),
        ("long-name", .testStarted(Samples.run(.running, name: String(repeating: "👩‍👩‍👧é ", count: 1667))), nil),
        (
            "hostile-name", .testFinished(Samples.run(.finished, name: String(Samples.hostileName.prefix(160)))),
            Samples.runLink
        ),
    ]

    @Test(arguments: ChannelKindContract.kinds, events.indices)
    func requestIsAsReviewed(_ kind: String, _ index: Int) throws {
        let event = Self.events[index]
        let notice = Samples.notice(event.content, runLink: event.link)
        try compare(Samples.request(kind, notice), with: "\(kind)-\(event.name)")
    }

    @Test(arguments: WebHookFormat.allCases, events.indices)
    func webHookInEachFormat(_ format: WebHookFormat, _ index: Int) throws {
        guard format != .loadImpact else { return }
        let event = Self.events[index]
        let notice = Samples.notice(event.content, runLink: event.link)
        let request = WebHook().message(for: notice, settings: Samples.webHook(format))
        try compare(request, with: "webhook-\(format.rawValue)-\(event.name)")
    }

    /// The end of a run refers to the message about its start.
    @Test(arguments: LinkedSample.all)
    func endOfARun(_ sample: LinkedSample) throws {
        let end = EventContent.testFinished(Samples.run(.failedThreshold))
        try compare(sample.message(end, id: sample.id, runLink: Samples.runLink), with: "\(sample.testDescription)")
    }

    @Test func slackByABot() throws {
        let notice = Samples.notice(.testStarted(Samples.run(.running)), runLink: Samples.runLink)
        try compare(Slack().message(for: notice, settings: Samples.slackBot), with: "slack-bot-started")
    }

    @Test func hipChatWithAToken() throws {
        let settings = Samples.settings([
            "url": "https://chat.example.org/v2/room/7/notification", "auth_token": "tok", "notify": true,
        ])
        let notice = Samples.notice(.testFinished(Samples.run(.failedThreshold)))
        try compare(HipChat().message(for: notice, settings: settings), with: "hipchat-token")
    }

    @Test func webHookWhileSecretsAreExchanged() throws {
        var settings = Samples.settings("webhook")
        settings[WebHook.previousSecretKey] = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
        settings[WebHook.previousSecretUntilKey] = .integer(Samples.at.microseconds + 1)
        let notice = Samples.notice(.testStarted(Samples.run(.running)), attempt: 2)
        try compare(WebHook().message(for: notice, settings: settings), with: "webhook-two-secrets")
    }

    private func compare(_ request: HTTPMessage, with name: String) throws {
        try Self.compare(Self.text(request), with: "\(name).http")
    }

    static func compare(_ written: Data, with name: String) throws {
        let path = "golden/\(name)"
        if ProcessInfo.processInfo.environment["RUNBELL_GOLDEN"] == "rewrite" {
            try FileManager.default.createDirectory(at: DataFile.url("golden"), withIntermediateDirectories: true)
            try written.write(to: DataFile.url(path))
        }
        let golden = try DataFile.bytes(path)
        #expect(
            golden == written,
            "\(path) differs from \(String(decoding: written, as: UTF8.self)); `make golden` rewrites it.")
    }

    private static func text(_ request: HTTPMessage) -> Data {
        let head =
            ["\(request.method.rawValue) \(request.url) HTTP/1.1"] + request.headers.map { "\($0.name): \($0.value)" }
        return Data((head.joined(separator: "\n") + "\n\n").utf8) + Data(request.body) + Data("\n".utf8)
    }
}

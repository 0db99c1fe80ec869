import Notifications
import Testing

/// A channel at which a run's finished message refers to its started message.
struct LinkedSample: Sendable, CustomTestStringConvertible {
    let kind: String
    /// The setting that asks for it.
    let setting: String
    /// What the service answers to the started message, and the id in it.
    let answer: String
    let id: String

    var testDescription: String { "\(kind)-\(setting)" }

    /// With the setting, or without.
    func settings(isOn: Bool = true) -> ChannelSettings {
        var settings = kind == "slack" ? Samples.slackBot : Samples.settings(kind)
        settings[setting] = isOn ? true : nil
        return settings
    }

    func message(_ content: EventContent, id: String?, isOn: Bool = true, runLink: String? = nil) throws -> HTTPMessage
    {
        let found = try #require(ChannelCatalogue.standard().kind(kind))
        let notice = Samples.notice(content, runLink: runLink, startedMessage: id)
        let message: any OutboundMessage = found.message(for: notice, settings: settings(isOn: isOn))
        return try #require(message as? HTTPMessage)
    }

    static let all = [
        LinkedSample(
            kind: "discord", setting: "replace", answer: #"{"type":0,"embeds":[],"id":"1300000000000000001"}"#,
            id: "1300000000000000001"),
        telegram("threads"), telegram("replace"), matrix("threads"), matrix("replace"), slack("threads"),
        slack("replace"),
    ]

    private static func telegram(_ setting: String) -> LinkedSample {
        LinkedSample(
            kind: "telegram", setting: setting, answer: #"{"ok":true,"result":{"message_id":4711,"date":1}}"#,
            id: "4711")
    }

    private static func matrix(_ setting: String) -> LinkedSample {
        LinkedSample(
            kind: "matrix", setting: setting, answer: #"{"event_id":"$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg"}"#,
            id: "$Rqnc-F-dvnEYJTyHq_iKxU2bZ1CI92-kuZq3a5lr5Zg")
    }

    private static func slack(_ setting: String) -> LinkedSample {
        LinkedSample(
            kind: "slack", setting: setting,
            answer: #"{"ok":true,"channel":"C0123456789","ts":"1503435956.000247","message":{"text":"x"}}"#,
            id: "C0123456789/1503435956.000247")
    }
}

extension Samples {
    static let slackBot = settings([
        "url": "https://slack.com/api", "token": .string("xoxb-0123456789-" + String(repeating: "b", count: 24)),
        "channel": "#load-tests",
    ])
}

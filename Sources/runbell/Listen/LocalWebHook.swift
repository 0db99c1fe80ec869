import Notifications

/// The web hook that `listen` stands in for: what a channel would send, to an address of one's own.
struct LocalWebHook: Sendable {
    let url: String
    let secret: SigningSecret
    /// The organization's run URL, for formats that link to the run.
    var links: RunLinkTemplate?
    private var settings: ChannelSettings

    private static let kind = WebHook()
    /// What can be taken over from a channel: its other settings are secret, or about its own address.
    private static let ofChannel = ["format", "template", "headers"]
    private static let template = WebHookFormat.template.rawValue

    static let formats = WebHookFormat.allCases.map(\.rawValue)

    /// The address to forward to, with the scheme that may be left out; nil if it is none.
    static func url(_ typed: String) -> String? {
        let url = typed.holdsBytes(of: "://") ? typed : "http://" + typed
        return (try? OutboundURL(parsing: url)) == nil ? nil : url
    }

    /// - Parameter channel: the saved channel to be like, as the API shows it.
    init(url: String, secret: SigningSecret, like channel: JSONValue?) throws(CommandFailure) {
        if let channel, channel["kind"]?.string?.sameBytes(as: Self.kind.id) != true {
            let kind = channel["kind"]?.cell ?? "?"
            throw CommandFailure(.usage, "--channel must be a web hook, not of the kind \(kind)")
        }
        self.url = url
        self.secret = secret
        settings = ChannelSettings()
        for key in Self.ofChannel { settings[key] = channel?["settings"]?[key] }
        settings["url"] = .string(url)
        settings["signing_secret"] = .string(secret.reveal())
    }

    /// Another format than that of the channel.
    mutating func use(format: String) throws(CommandFailure) {
        if format.sameBytes(as: Self.template), settings.text("template") == nil {
            throw CommandFailure(.usage, "--format template needs the --channel that has the template")
        }
        settings["format"] = .string(format)
    }

    func message(for forwarded: ForwardedEvent, at time: Timestamp) -> HTTPMessage {
        Self.kind.message(
            for: Notice(
                content: forwarded.content, deliveryID: forwarded.deliveryID, attempt: 1, at: time,
                runLink: forwarded.content.link(by: links)),
            settings: settings)
    }

    func isDelivered(_ answer: Answer) -> Bool { Self.kind.verdict(on: answer) == .delivered }
}

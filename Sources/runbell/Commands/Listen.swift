import ArgumentParser
import Notifications

struct Listen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Forward an organization's notifications to a local address, as a web hook would send them.",
        discussion: """
            Examples:
              runbell listen --organization 1 --forward-to http://127.0.0.1:3000/hook
              runbell listen --organization 1 --forward-to localhost:3000/hook --channel CI --secret whsec_…
              runbell listen --organization 1 --events test.finished

            For people who write a receiver: the service needs no way to reach it, and needs no channel. It needs a \
            personal key, and forwards what is received from now on until Ctrl-C. Each event is sent once, even if the \
            receiver refuses it.

            Requests are signed with --secret, or with a new secret that is printed. With --channel, only what that web \
            hook gets is sent, in its format and under the same webhook-id, with those headers of its own that are not \
            secret. Without --forward-to, events are only shown.
            """)

    @Option(help: "Where to send requests: http://127.0.0.1:3000/hook.") var forwardTo: String?
    @Option(help: "The signing secret, whsec_… (default: a new one).") var secret: String?
    @Option(help: "Stand in for this web hook: its ID, the beginning of its ID, or its name.") var channel: String?
    @Option(
        help: "The format of the requests (default: that of the channel, or the documented one).",
        transform: OptionValue.oneOf(LocalWebHook.formats))
    var format: String?
    @Option(
        parsing: .upToNextOption, help: "Only these event types.",
        transform: OptionValue.oneOf(EventType.allCases.map(\.rawValue)))
    var events: [String] = []
    @OptionGroup var organization: OrganizationOptions

    func validate() throws {
        if let secret, SigningSecret(secret) == nil {
            throw ValidationError("--secret must be whsec_ followed by Base64.")
        }
        if forwardTo == nil, secret != nil || format != nil {
            throw ValidationError("--secret and --format are for requests; --forward-to says where to send them.")
        }
        if let forwardTo, LocalWebHook.url(forwardTo) == nil {
            throw ValidationError("--forward-to must be an address such as http://127.0.0.1:3000/hook.")
        }
    }

    func run() async throws {
        let (api, path) = try organization.open()
        let source = try await EventSource(api, path, channel: channel, types: events)
        let hook = try await hook(api, path, source)
        var feed = try await EventFeed(api, path)
        announce(hook, path)
        while true {
            for event in try await feed.next() {
                guard source.wants(event) else { continue }
                let forwarded = try await source.forwarded(event)
                let result = await Forwarding(hook: hook, transport: ServiceTransport.shared).forward(forwarded)
                Console.say(organization.client.json ? result.json.compactText : result.text)
            }
        }
    }

    /// Nil if events are only shown.
    private func hook(_ api: APIClient, _ path: String, _ source: EventSource) async throws -> LocalWebHook? {
        guard let url = forwardTo.flatMap(LocalWebHook.url) else { return nil }
        var hook = try LocalWebHook(
            url: url, secret: secret.flatMap(SigningSecret.init) ?? SigningSecret(), like: source.channel)
        if let format { try hook.use(format: format) }
        hook.links = try await api.get(path).json["run_link_template"]?.string.flatMap { RunLinkTemplate($0) }
        return hook
    }

    private func announce(_ hook: LocalWebHook?, _ path: String) {
        let number = path.split(separator: "/").last ?? ""
        guard let hook else {
            return Console.note("Listening to organization \(number); press Ctrl-C to stop.")
        }
        if secret == nil {
            Console.note("Requests are signed with this secret, made for this session: \(hook.secret.reveal())")
        }
        Console.note("Forwarding from organization \(number) to \(hook.url); press Ctrl-C to stop.")
    }
}

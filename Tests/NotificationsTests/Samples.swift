import Notifications
import Testing

/// Values that many tests start from.
enum Samples {
    static let at = Timestamp(seconds: 1_795_428_750)
    static let deliveryID = DeliveryID("0198c0de-0000-7000-8000-000000000001") ?? .least
    static let runLink = "https://notify.example.org/runs/4711?a=1&b=2"
    static let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

    /// The worst that a name may contain: mentions and markup of all services, a bidirectional control, line breaks,
    /// and 5,000 more characters of several scalars each.
    static let hostileName =
        #"<!channel> @everyone @all @here <@U1> <users/all> <at>x</at> @**all** *b* _i_ ~s~ `c` "#
        + #"[t](http://evil.example) <b>x</b> & "q" 'a' | > \ é 😀"#
        + "\u{202E}\r\n" + String(repeating: "👩‍👩‍👧e\u{301}", count: 2500)

    /// Every additional field.
    static let context = context(
        text: "feature/checkout", tags: ["nightly", "<release>"],
        runURL: "https://ci.example.org/acme/shop/runs/8?a=1&b=2")

    /// Additional fields with the same text in all that people may write freely.
    static func context(text: String, tags: [String], runURL: String) -> RunContext {
        var context = RunContext()
        context.runURL = runURL
        context.commit = "5f1c0b1de9b0f7f1a0d9a3d7e0f4a6c8b2e4d6f8"
        (context.repository, context.branch, context.environment) = ("acme/shop", text, "staging")
        context.tags = tags
        return context
    }

    static func run(
        _ status: TestStatus, name: String = "Checkout <peak> & \"browse\"", project: Int64 = 9,
        context: RunContext = .none, userName: String? = nil
    ) -> LoadTestRun {
        LoadTestRun(
            status: status, userID: UserID(7), userName: userName, name: name, organizationID: OrganizationID(42),
            loadTestID: LoadTestID(1001), id: LoadTestRunID(4711), projectID: ProjectID(project), context: context)
    }

    /// Every event there is, with every status.
    static let contents: [EventContent] =
        [.testNotificationChannel, .testStarted(run(.running)), alert(.disabled), alert(.unreachable)]
        + [message, textMessage]
        + TestStatus.allCases.map { .testFinished(run($0)) }

    static func alert(_ kind: ChannelAlert.Kind, channel name: String = "Build <alerts>") -> EventContent {
        var channel = channel(settings: ChannelSettings())
        channel.name = name
        let finding = Finding("http.404", "The receiver answered 404: there is nothing at this address.")
        return .channelAlert(ChannelAlert(kind, at: channel, finding: finding, since: at))
    }

    /// A message in harmless HTML, with all that it may have.
    static let message = posted([
        "message":
            #"<b>Checkout</b> &gt; build <a href="https://ci.example.org/12?a=1&amp;b=2">12</a> passed<br>2 &lt; 3 min"#,
        "color": "green", "from": "Jenkins", "notify": true,
    ])

    /// A message in plain text, with nothing else.
    static let textMessage = posted(["message": "Build 13 failed:\n@all see <this>", "message_format": "text"])

    static func posted(_ body: JSONValue, room: String = "1234567") -> EventContent {
        guard let message = try? PostedMessage(hipChat: body, room: room, organization: OrganizationID(42)) else {
            Issue.record("\(body.compactText) is a message for HipChat.")
            return .testNotificationChannel
        }
        return .messagePosted(message)
    }

    static let hostileContents: [EventContent] = [
        posted(["message": .string(String(hostileName.prefix(3000))), "message_format": "text", "from": "@all <!here>"]
        ),
        posted(
            ["message": .string("<b>" + String(hostileName.prefix(1000))), "from": "<at>x</at>\u{202E}"],
            room: "<users/all> @everyone"),
        posted(["message": .string(String(repeating: "&", count: 10_000)), "color": "red"]),
        alert(.disabled, channel: String(hostileName.prefix(190))),
        .testStarted(run(.running, name: hostileName)), .testFinished(run(.failedThreshold, name: hostileName)),
        .testFinished(
            LoadTestRun(
                status: .finished, statusText: String(hostileName.prefix(120)), userID: UserID(.min),
                name: "\u{202E}\n",
                organizationID: OrganizationID(.min), loadTestID: LoadTestID(.min), id: LoadTestRunID(.min),
                projectID: ProjectID(.min))),
        .testFinished(run(.finished, name: "Z" + String(repeating: "\u{301}", count: 4999))),
        .testFinished(run(.finished, name: String(repeating: "&", count: 10_000))),
        .testFinished(run(.failedThreshold, name: String(repeating: "&", count: 10_000), context: hostileContext)),
        .testFinished(run(.finished, context: context)),
    ]

    /// As long as it may be, with as many mentions and as much markup as fits.
    static let hostileContext: RunContext = {
        let markup = "<!channel> @everyone @all <@U1> <at>x</at> @**all** *b* [t](http://evil.example) <b>x</b>"
        var context = Self.context(
            text: markup + String(repeating: "&", count: 160),
            tags: Array(repeating: "<!here> <users/all> @here " + String(repeating: "&", count: 24), count: 20),
            runURL: "https://ci.example.org/?" + String(repeating: "&", count: 1950))
        context.repository = context.branch
        context.environment = String(repeating: "<", count: 100)
        return context
    }()

    static func notice(
        _ content: EventContent, attempt: Int = 1, runLink: String? = nil, startedMessage: String? = nil
    ) -> Notice {
        Notice(
            content: content, deliveryID: deliveryID, attempt: attempt, at: at, runLink: runLink,
            startedMessage: startedMessage)
    }

    /// Settings for a channel of a kind. A kind that has none here fails the tests that need them.
    static func settings(_ kind: String) -> ChannelSettings {
        switch kind {
        case "slack":
            settings([
                "url": .string(
                    "https://hooks.slack.com/services/T00000000/B00000000/" + String(repeating: "x", count: 24))
            ])
        case "hipchat": settings(["url": "https://acme.hipchat.com/v2/room/1234567/notification?auth_token=tok"])
        case "webhook": settings(["url": "https://ci.example.org/load-tests", "signing_secret": .string(secret)])
        case "email": EmailTests.settings("ops@example.org", confirmed: ["ops@example.org"])
        default: (chatSettings[kind] ?? otherSettings[kind]).map(settings) ?? missing(kind)
        }
    }

    /// A web hook with a format; that of the template uses every placeholder.
    static func webHook(_ format: WebHookFormat) -> ChannelSettings {
        var settings = settings("webhook")
        settings["format"] = .string(format.rawValue)
        if format == .template { settings["template"] = .string(template) }
        return settings
    }

    static let template = """
        {"summary": "{{headline}}: {{name}} ({{status}}, {{ status_text }})", "text": "{{text}}",
         "what": ["{{event}}", "{{id}}", "{{time}}", "{{severity}}", "{{channel_name}}"],
         "run": {"id": "{{load_test_run_id}}", "test": "{{load_test_id}}", "project": "{{project_id}}",
                 "organization": "{{organization_id}}", "user": "{{user_id}}", "link": "{{run_link}}",
                 "status": "{{status}}", "words": "{{status_text}}", "label": "Run {{load_test_run_id}}"},
         "plain": "} \\"quoted\\" {", "number": 1.5, "none": null}
        """

    private static let otherSettings: [String: JSONValue] = [
        "pagerduty": [
            "routing_key": .string(String(repeating: "p", count: 32)), "url": "https://events.pagerduty.com",
        ],
        "opsgenie": ["api_key": .string(String(repeating: "o", count: 36)), "url": "https://api.opsgenie.com"],
        "ntfy": [
            "topic": .string("acme-" + String(repeating: "n", count: 20)), "url": "https://ntfy.example.org",
            "token": .string("tk_" + String(repeating: "k", count: 29)),
        ],
        "github": [
            "repository": "acme/shop", "token": .string("github_pat_" + String(repeating: "g", count: 40)),
            "url": "https://api.github.com",
        ],
        "gitlab": [
            "project": "acme/web/shop", "token": .string("glpat-" + String(repeating: "l", count: 20)),
            "url": "https://gitlab.example.org",
        ],
    ]

    private static let hook = "https://chat.example.org/hooks/"
    private static let chatSettings: [String: JSONValue] = [
        "teams": [
            "url": .string(
                "https://prod-12.westeurope.logic.azure.com:443/workflows/0123456789abcdef/triggers/manual/paths/invoke"
                    + "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig="
                    + String(repeating: "s", count: 43))
        ],
        "discord": [
            "url": .string(
                "https://discord.com/api/webhooks/417429632418316298/" + String(repeating: "d", count: 68))
        ],
        "googlechat": [
            "url": .string(
                "https://chat.googleapis.com/v1/spaces/AAAAbcd/messages?key=AIzaSyExampleExampleExample&token="
                    + String(repeating: "g", count: 43) + "%3D"),
            "threads": true,
        ],
        "mattermost": ["url": .string(hook + String(repeating: "m", count: 26))],
        "rocketchat": ["url": .string(hook + "38xQ9ZR6aqSR5aKry/" + String(repeating: "r", count: 24))],
        "telegram": [
            "token": .string("123456789:" + String(repeating: "t", count: 35)), "chat": "-1001234567890", "topic": "42",
            "url": "https://api.telegram.org",
        ],
        "zulip": [
            "url": "https://example.zulipchat.com", "email": "bot@example.zulipchat.com",
            "api_key": .string(String(repeating: "z", count: 32)), "channel": "load tests & more",
        ],
        "matrix": [
            "url": "https://matrix.example.org/", "access_token": .string("syt_" + String(repeating: "a", count: 40)),
            "room": "!abcdefghijklmnopqr:example.org",
        ],
    ]

    private static func missing(_ kind: String) -> ChannelSettings {
        Issue.record("Samples.settings has none for the kind \(kind).")
        return ChannelSettings()
    }

    /// The request that a kind makes for an event.
    static func request(_ kind: String, _ notice: Notice) throws -> HTTPMessage {
        let found = try #require(ChannelCatalogue.standard().kind(kind))
        let message: any OutboundMessage = found.message(for: notice, settings: settings(kind))
        return try #require(message as? HTTPMessage)
    }

    static func settings(_ json: JSONValue) -> ChannelSettings {
        ChannelSettings(json.object ?? JSONObject())
    }

    static func channel(settings: ChannelSettings) -> Channel {
        Channel(
            id: ChannelID("0198c0de-0000-7000-8000-000000000002") ?? .least, organizationID: OrganizationID(42),
            kind: "slack", knownKind: Slack(), name: "Ops", settings: settings,
            subscription: .everything, state: .enabled, version: 1, createdAt: at, updatedAt: at)
    }

    static func answer(_ status: Int, _ body: String = "", _ headers: (String, String)...) -> Answer {
        Answer(status: status, headers: headers.map { .init($0, $1) }, body: Array(body.utf8), at: at)
    }
}

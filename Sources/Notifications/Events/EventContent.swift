/// An event without its id and sequence number. Indirect, because it is passed on more often than it is read.
package indirect enum EventContent: Equatable, Sendable {
    case testStarted(LoadTestRun)
    case testFinished(LoadTestRun)
    case testNotificationChannel
    case messagePosted(PostedMessage)
    case channelAlert(ChannelAlert)
    /// The stored payload cannot be read. Only the type is shown, and nothing is sent.
    case unreadable(EventType)

    package var type: EventType {
        switch self {
        case .testStarted: .testStarted
        case .testFinished: .testFinished
        case .testNotificationChannel: .testNotificationChannel
        case .messagePosted: .messagePosted
        case .channelAlert(let alert): alert.type
        case .unreadable(let type): type
        }
    }

    package var run: LoadTestRun? {
        switch self {
        case .testStarted(let run), .testFinished(let run): run
        case .testNotificationChannel, .messagePosted, .channelAlert, .unreadable: nil
        }
    }

    /// The same event, with the display name of its user.
    package func with(userName: String?) -> EventContent {
        guard let userName else { return self }
        return switch self {
        case .testStarted(let run): .testStarted(run.with(userName: userName))
        case .testFinished(let run): .testFinished(run.with(userName: userName))
        case .testNotificationChannel, .messagePosted, .channelAlert, .unreadable: self
        }
    }

    package var message: PostedMessage? {
        if case .messagePosted(let message) = self { message } else { nil }
    }

    /// The organization that the event names; nil if it names none.
    package var organizationID: OrganizationID? { run?.organizationID ?? message?.organizationID }

    /// The event as it is posted, stored and shown: the documented keys, followed by the additional fields that have a
    /// value.
    package var json: JSONValue {
        guard let run, let documented = documentedJSON.object else { return documentedJSON }
        return .object(JSONObject(documented.members + run.context.members))
    }

    /// The documented body of the web hook: nine keys in the documented order, or one key for the test event. Nothing
    /// may be added to it.
    package var documentedJSON: JSONValue {
        switch self {
        case .testStarted(let run), .testFinished(let run): Self.documented(run, type)
        case .testNotificationChannel, .unreadable: ["event": .string(type.rawValue)]
        case .messagePosted(let message): message.json
        case .channelAlert(let alert): alert.json
        }
    }

    private static func documented(_ run: LoadTestRun, _ type: EventType) -> JSONValue {
        [
            "status": .integer(run.status.code),
            "status_text": .string(run.statusText),
            "user_id": JSONValue(run.userID),
            "name": .string(run.name),
            "organization_id": JSONValue(run.organizationID),
            "load_test_id": JSONValue(run.loadTestID),
            "load_test_run_id": JSONValue(run.id),
            "project_id": JSONValue(run.projectID),
            "event": .string(type.rawValue),
        ]
    }
}

extension EventContent {
    /// The longest name of a load test, in bytes of UTF-8.
    package static let nameBytes = 10_000

    /// Reads a posted event: the nine keys and the additional fields, or the test event's one key. Throws all errors at
    /// once.
    ///
    /// - Parameters:
    ///   - path: what is prefixed to field names.
    ///   - types: the types that are taken.
    package init(
        reading value: JSONValue, path: String = "", among types: [EventType] = EventType.posted
    ) throws(InvalidInput) {
        var fields = FieldReader(value, path: path)
        let type = Self.type(&fields, among: types)
        Self.refuseStartThatEnded(type, &fields)
        self = try Self.content(type, &fields)
    }

    /// Reads a stored event, including those that only the service itself creates.
    package init(stored value: JSONValue) throws(InvalidInput) {
        var fields = FieldReader(value, path: "")
        let type = Self.type(&fields, among: EventType.allCases)
        self = try Self.content(type, &fields)
    }

    private static func type(_ fields: inout FieldReader, among known: [EventType]) -> EventType? {
        guard let word = fields.text("event", bytes: 64) else { return nil }
        if let type = EventType(word: word), known.contains(type) { return type }
        let words = known.map(\.rawValue).joined(separator: ", ")
        return fields.reject("event", "Must be one of \(words).")
    }

    /// A run that has just started cannot have a final status: one of the two fields is wrong. Events accepted earlier
    /// stay readable.
    private static func refuseStartThatEnded(_ type: EventType?, _ fields: inout FieldReader) {
        guard type == .testStarted, let code = fields.value("status")?.integer,
            let status = TestStatus(rawValue: code), status.isFinal
        else { return }
        let words = "\(code) (\(status.text))"
        fields.reject("event", "A test.started event cannot have the final status \(words).") as Void?
        fields.reject("status", "The status \(words) is final, which a test.started event cannot have.") as Void?
    }

    private static func content(_ type: EventType?, _ fields: inout FieldReader) throws(InvalidInput) -> EventContent {
        switch type {
        case .testNotificationChannel:
            try fields.finish()
            return .testNotificationChannel
        case .messagePosted: return .messagePosted(try PostedMessage(reading: &fields))
        case .channelDisabled: return .channelAlert(try ChannelAlert(.disabled, reading: &fields))
        case .channelUnreachable: return .channelAlert(try ChannelAlert(.unreachable, reading: &fields))
        case .testStarted, .testFinished, nil:
            let run = Self.run(&fields)
            try fields.finish()
            guard let run, let type else { throw InvalidInput(fields.errors) }
            return type == .testStarted ? .testStarted(run) : .testFinished(run)
        }
    }

    private static func run(_ fields: inout FieldReader) -> LoadTestRun? {
        let code = fields.integer("status")
        let status = code.flatMap(TestStatus.init(rawValue:))
        if code != nil, status == nil {
            fields.reject("status", "Must be one of the documented codes, -1 to 12.") as Void?
        }
        let statusText = fields.text("status_text", .optional, bytes: 255, controls: .taken)
        let user = fields.integer("user_id")
        let name = fields.text("name", bytes: nameBytes, controls: .taken)
        let organization = fields.integer("organization_id")
        let test = fields.integer("load_test_id")
        let id = fields.integer("load_test_run_id")
        let project = fields.integer("project_id")
        let context = RunContext(&fields)
        guard let status, let user, let name, let organization, let test, let id, let project else { return nil }
        return LoadTestRun(
            status: status, statusText: statusText, userID: UserID(user), name: name,
            organizationID: OrganizationID(organization), loadTestID: LoadTestID(test), id: LoadTestRunID(id),
            projectID: ProjectID(project), context: context)
    }
}

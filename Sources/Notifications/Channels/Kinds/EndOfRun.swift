/// How the finished message of a run relates to its started message, at services that need that message's id.
enum EndOfRun: Equatable, Sendable {
    case standsAlone
    /// Answers the message with this id, in its thread.
    case answers(String)
    /// Replaces the message with this id.
    case replaces(String)
}

extension Notice {
    /// What the channel's settings want, if the started message is known.
    func end(_ settings: ChannelSettings) -> EndOfRun {
        guard let startedMessage, content.type == .testFinished else { return .standsAlone }
        if settings.flag("replace") == true { return .replaces(startedMessage) }
        return settings.flag("threads") == true ? .answers(startedMessage) : .standsAlone
    }

    /// Whether the answer to this message has the id that the run's end refers to.
    func isReferredTo(_ settings: ChannelSettings) -> Bool {
        content.type == .testStarted && settings.linksRuns
    }
}

extension ChannelSettings {
    /// Whether a run's finished message answers or replaces its started message.
    var linksRuns: Bool { flag("threads") == true || flag("replace") == true }

    /// A message is either a new one or a changed one.
    var errorsOfEnds: [ValidationError] {
        guard flag("threads") == true, flag("replace") == true else { return [] }
        return [ValidationError("replace", "A finished message either answers the started one or replaces it.")]
    }
}

extension Field {
    /// The finished message is a new one.
    static let threads = Field(
        key: "threads", label: "One thread for each run", type: .bool, isRequired: false,
        help: "Whether a run's finished message answers its started message in the same thread.", example: "false")

    /// The finished message changes the started one.
    static let replace = Field(
        key: "replace", label: "Replace the start", type: .bool, isRequired: false,
        help: "Whether a run's finished message replaces its started message.", example: "false")
}

extension HTTPMessage {
    /// An answer with a whole message has its id somewhere: services return up to 6,000 characters of text, of which
    /// some are escaped.
    static let wholeAnswer = 48 * 1024

    /// The same message, of whose answer more is kept.
    func keepingTheAnswer(_ isNeeded: Bool = true) -> HTTPMessage {
        var message = self
        if isNeeded { message.answerBytesKept = Self.wholeAnswer }
        return message
    }
}

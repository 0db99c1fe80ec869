/// What a service's answer says about the messages that it has. The id of a run's started message is kept, and the
/// notice of the run's end carries it (`Notice.startedMessage`).
package enum SentMessage: Equatable, Sendable {
    /// Nothing.
    case unnamed
    /// The service accepted the message under this id.
    case named(String)
    /// The message that was to be answered or replaced is not there, or cannot be: the service accepts one that stands
    /// alone.
    case unknown
}

extension SentMessage {
    /// An id may have at most this many bytes: those of Matrix have up to 255.
    package static let idLimit = 255

    /// A message that a service accepted, if the id is one: visible ASCII, and not too long.
    static func named(by id: String?) -> SentMessage {
        guard let id, (1...idLimit).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return .unnamed }
        return .named(id)
    }
}

extension Finding {
    /// The run's started message is gone, so its finished message is sent without it.
    static func startedMessageIsGone(at receiver: String) -> Finding {
        Finding(
            "started_message_gone",
            "\(receiver.capitalizingFirst) no longer has the message about the run's start, or does not let it be "
                + "changed. This one is sent on its own next.")
    }
}

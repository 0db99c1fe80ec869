import ArgumentParser
import Notifications

/// Stands in for the service of one channel kind, so that the kind can be tried offline: it answers as the service is
/// documented to answer, refuses what the service refuses, and fails on request. One small file for each kind.
protocol ServiceDouble: Sendable {
    /// The kind's id.
    var kind: String { get }
    /// How many requests to one path the service takes in how many seconds; nil if it names no limit.
    var limit: RequestLimit? { get }

    /// Whether a path is one of the service's own.
    func owns(_ request: ReceivedRequest) -> Bool
    /// What the service answers to a request that it does not accept; nil if it accepts it.
    func complaint(about request: ReceivedRequest) -> CannedAnswer?
    /// What it answers to a request that it accepts.
    func success(_ request: ReceivedRequest) -> CannedAnswer
    /// How it fails.
    func failure(_ failure: ForcedFailure) -> CannedAnswer
    /// How it fails, if that depends on the request.
    func failure(_ failure: ForcedFailure, to request: ReceivedRequest) -> CannedAnswer
    /// What a request says, in one line.
    func summary(of request: ReceivedRequest) -> String
}

extension ServiceDouble {
    var limit: RequestLimit? { nil }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? { nil }

    func failure(_ failure: ForcedFailure, to request: ReceivedRequest) -> CannedAnswer { self.failure(failure) }
}

/// A failure that can be asked for (`--fail`).
enum ForcedFailure: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// The sender shall wait.
    case rateLimited = "rate-limited"
    /// The address works no more.
    case gone
    /// The message is wrong.
    case rejected
    /// The service itself has a problem.
    case broken
}

/// The stand-ins, one for each kind.
enum ServiceDoubles {
    /// In the order in which they are asked whether a path is theirs. The web hook takes every path.
    static let all: [any ServiceDouble] = [
        SlackDouble(), HipChatDouble(), TeamsDouble(), DiscordDouble(), GoogleChatDouble(), MattermostDouble(),
        RocketChatDouble(), TelegramDouble(), ZulipDouble(), MatrixDouble(), PagerDutyDouble(), OpsgenieDouble(),
        NtfyDouble(), GitHubDouble(), GitLabDouble(), WebHookDouble(),
    ]

    /// The stand-in for a kind; nil if there is none.
    static func double(of kind: String) -> (any ServiceDouble)? { all.first { $0.kind.sameBytes(as: kind) } }

    /// Whom a request addresses: by the name of a kind as the first part of the path, or by the service's own paths.
    static func addressee(of request: ReceivedRequest) -> any ServiceDouble {
        request.parts.first.flatMap { double(of: String($0)) } ?? all.first { $0.owns(request) } ?? WebHookDouble()
    }
}

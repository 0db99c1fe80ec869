/// What happened. The raw value is the word in the API.
package enum EventType: String, CaseIterable, Sendable {
    case testStarted = "test.started"
    case testFinished = "test.finished"
    /// What the Test Hook button sends.
    case testNotificationChannel = "test.notification_channel"
    /// A message that a CI job posted as it once did to HipChat.
    case messagePosted = "message.posted"
    /// Only created by the service itself, and only for an organization's fallback channel.
    case channelDisabled = "channel.disabled"
    case channelUnreachable = "channel.unreachable"

    /// The types that a test scheduler may post.
    package static let posted: [EventType] = [.testStarted, .testFinished, .testNotificationChannel]
    /// The types that a channel may subscribe to: all that come from outside.
    package static let subscribable: [EventType] = posted + [.messagePosted]
}

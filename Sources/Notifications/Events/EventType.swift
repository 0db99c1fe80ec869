/// What happened. The raw value is the word in the API.
package enum EventType: String, CaseIterable, Sendable {
    case testStarted = "test.started"
    case testFinished = "test.finished"
    /// What the Test Hook button sends.
    case testNotificationChannel = "test.notification_channel"
    /// Only created by the service itself, and only for an organization's fallback channel.
    case channelDisabled = "channel.disabled"
    case channelUnreachable = "channel.unreachable"

    /// The types that a test scheduler may post and a channel may subscribe to.
    package static let posted: [EventType] = [.testStarted, .testFinished, .testNotificationChannel]
}

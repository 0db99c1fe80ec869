/// What happened. The raw value is the word on the wire.
package enum EventType: String, CaseIterable, Sendable {
    case testStarted = "test.started"
    case testFinished = "test.finished"
    /// What the Test Hook button sends.
    case testNotificationChannel = "test.notification_channel"
    /// What only the service itself tells, and only to an organization's fallback channel.
    case channelDisabled = "channel.disabled"
    case channelUnreachable = "channel.unreachable"

    /// What a test scheduler may post and a channel may subscribe to.
    package static let posted: [EventType] = [.testStarted, .testFinished, .testNotificationChannel]
}

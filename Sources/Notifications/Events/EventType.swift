/// What happened. The raw value is the word on the wire.
package enum EventType: String, CaseIterable, Sendable {
    case testStarted = "test.started"
    case testFinished = "test.finished"
    /// What the Test Hook button sends.
    case testNotificationChannel = "test.notification_channel"
}

import Notifications

/// Sees to it that nobody is asked often to confirm an address: once in ten minutes, whoever enters it.
struct Invitations: Sendable {
    private static let pause = Duration.seconds(600)
    private static let mostKept = 10_000
    private var asked: [MailAddress: Timestamp] = [:]

    /// Notes that they are asked now, unless one of them was a short while ago.
    mutating func mayAsk(_ recipients: [MailAddress], at now: Timestamp) -> Bool {
        if asked.count >= Self.mostKept { asked = asked.filter { now - $0.value < Self.pause } }
        guard asked.count < Self.mostKept,
            recipients.allSatisfy({ asked[$0].map { now - $0 >= Self.pause } ?? true })
        else { return false }
        for recipient in recipients { asked[recipient] = now }
        return true
    }
}

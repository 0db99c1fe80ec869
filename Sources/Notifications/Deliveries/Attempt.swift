/// One attempt of a delivery, as stored.
package struct Attempt: Sendable {
    /// Counts from 1.
    package let number: Int
    package let startedAt: Timestamp
    package let duration: Duration
    /// `delivered`, `retry`, `refused`, `gone`, or `interrupted` if the process died during it.
    package let verdict: String
    /// What went wrong; nil if delivered.
    package let finding: Finding?
    package let status: Int?
    /// The IP address connected to, without the port.
    package let address: String?
    /// The first 4 KiB of the answer.
    package let answer: [UInt8]?

    package init(
        number: Int, startedAt: Timestamp, duration: Duration, verdict: String, finding: Finding?, status: Int?,
        address: String?, answer: [UInt8]?
    ) {
        self.number = number
        self.startedAt = startedAt
        self.duration = duration
        self.verdict = verdict
        self.finding = finding
        self.status = status
        self.address = address
        self.answer = answer
    }
}

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
    /// The answer's header fields, a line each; kept only if the attempt failed.
    package let answerHead: String?
    /// The channel's version that the request was made with; nil for attempts from before it was kept.
    package let channelVersion: Int64?
    /// How long each part took; their total is `duration`.
    package let timings: Timings

    package init(
        number: Int, startedAt: Timestamp, duration: Duration, verdict: String, finding: Finding?, status: Int?,
        address: String?, answer: [UInt8]?, answerHead: String? = nil, channelVersion: Int64? = nil,
        timings: Timings = Timings()
    ) {
        self.number = number
        self.startedAt = startedAt
        self.duration = duration
        self.verdict = verdict
        self.finding = finding
        self.status = status
        self.address = address
        self.answer = answer
        self.answerHead = answerHead
        self.channelVersion = channelVersion
        self.timings = timings
    }
}

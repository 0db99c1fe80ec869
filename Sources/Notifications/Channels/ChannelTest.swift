/// What came of one Test Hook, as the history of its channel keeps it.
package struct ChannelTest: Equatable, Sendable {
    /// The id in its request, as a delivery has one.
    package let id: DeliveryID
    package let at: Timestamp
    /// Who tested: `user:7`.
    package let actor: String
    /// Whether the channel was tested as it was saved, and not with changes that were not.
    package let isAsSaved: Bool
    /// `delivered`, `retry`, `postponed`, `refused` or `gone`.
    package let verdict: String
    /// What went wrong; nil if it arrived.
    package let finding: Finding?
    /// Nil without an answer.
    package let status: Int?
    package let duration: Duration

    package init(
        id: DeliveryID, at: Timestamp, actor: String, isAsSaved: Bool, verdict: String, finding: Finding?, status: Int?,
        duration: Duration
    ) {
        self.id = id
        self.at = at
        self.actor = actor
        self.isAsSaved = isAsSaved
        self.verdict = verdict
        self.finding = finding
        self.status = status
        self.duration = duration
    }

    /// Whether the test says something about the saved channel: that it works.
    package var showsThatItWorks: Bool { isAsSaved && verdict.sameBytes(as: Verdict.delivered.word) }
}

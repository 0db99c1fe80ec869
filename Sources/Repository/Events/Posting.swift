import Notifications

/// An event to be accepted, and how.
struct Posting: Sendable {
    let event: PostedEvent
    var idempotencyKey: String?
    /// What may be claimed at once.
    var permit: ClaimPermit?

    var content: EventContent { event.content }
}

extension Sequence where Element == Posting {
    /// The first postings, up to so many, of which none has to know what another one writes: no two have the same
    /// idempotency key or are of the same run.
    ///
    /// - Parameter usesHistory: whether what becomes of an event may depend on earlier runs of its load test.
    func independent(atMost count: Int, usesHistory: Bool) -> [Posting] {
        var chosen: [Posting] = []
        var keys: Set<String> = []
        var runs: Set<LoadTestRunID> = []
        var loadTests: Set<LoadTestID> = []
        for posting in self {
            guard chosen.count < count else { break }
            if let key = posting.idempotencyKey, !keys.insert(key).inserted { break }
            if let run = posting.content.run {
                guard runs.insert(run.id).inserted else { break }
                if usesHistory, !loadTests.insert(run.loadTestID).inserted { break }
            }
            chosen.append(posting)
        }
        return chosen
    }
}

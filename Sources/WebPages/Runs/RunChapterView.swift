import Notifications
import Repository

/// An event of a run, and who was told.
struct RunChapterView: Sendable {
    let id: String
    let headline: String
    let at: TimeView
    let path: String
    /// `3 delivered, 1 due`; nil if the organization had no channels.
    let counts: String?
    /// What is not delivered comes first.
    let outcomes: [OutcomeView]
    /// How many more there are, and where.
    let rest: Int?
    let restPath: String

    init(_ chapter: RunStory.Chapter, kinds: ChannelCatalogue, in page: PageContext) {
        let event = chapter.event
        id = event.id.text
        headline = event.content.headline
        at = TimeView(event.receivedAt)
        path = page.path("events/\(event.id)")
        restPath = page.path("deliveries" + (event.content.run.map { "?run=\($0.id)" } ?? ""))
        let digest = chapter.digest.ofDeliveries
        let counts = OutcomeDigest.order.compactMap { state in
            state.flatMap { word in digest.counts[state].map { "\($0) \(word.rawValue)" } }
        }
        self.counts = counts.isEmpty ? nil : counts.joined(separator: ", ")
        (outcomes, rest) = OutcomeView.first(of: digest, kinds: kinds, in: page)
    }
}

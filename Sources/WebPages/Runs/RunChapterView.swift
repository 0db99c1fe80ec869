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
    /// How many more there are than those shown.
    let rest: Int?
    let restPath: String

    private static let shown = 50
    private static let order: [DeliveryState] = [.failed, .cancelled, .due, .claimed, .delivered, .skipped]

    init(_ chapter: RunStory.Chapter, kinds: ChannelCatalogue, in page: PageContext) {
        let event = chapter.event
        id = event.id.text
        headline = event.content.headline
        at = TimeView(event.receivedAt)
        path = page.path("events/\(event.id)")
        restPath = path
        let sent = chapter.outcomes.filter { $0.state != nil }
        let counts = Self.order.compactMap { state in
            let count = sent.count { $0.state == state }
            return count == 0 ? nil : "\(count) \(state.rawValue)"
        }
        self.counts = counts.isEmpty ? nil : counts.joined(separator: ", ")
        let sorted = Self.order.flatMap { state in sent.filter { $0.state == state } }
        outcomes = sorted.prefix(Self.shown).map { OutcomeView($0, kinds: kinds, in: page) }
        rest = sorted.count > Self.shown ? sorted.count - Self.shown : nil
    }
}

import Hummingbird
import Notifications
import Repository
import WebServing

/// A run from its start to its end: how it went, and who was told what and when. Its address can be shared within the
/// organization, and notifications may link to it.
struct RunPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        dependencies.on(.get, "runs/:run", in: .events, of: &routes, use: show)
    }

    @Sendable private func show(_ request: Request, _ page: PageContext) async throws -> Response {
        let id: LoadTestRunID = try page.context.numericID("run")
        let story = try await dependencies.repository.run(id, of: page.organization, as: page.principal)
        return .page(RunPage(id, story, kinds: dependencies.kinds, in: page))
    }
}

struct RunPage: PageModel {
    static let template = "run"
    let frame: PageFrame
    let name: LongText?
    let state: StateView?
    /// Between its first and its last event.
    let duration: String?
    let facts: [FactView]
    let link: String?
    let chapters: [RunChapterView]
    let isCut: Bool
    let deliveriesPath: String

    init(_ id: LoadTestRunID, _ story: RunStory, kinds: ChannelCatalogue, in page: PageContext) {
        frame = page.frame("Run \(id)")
        let content = story.chapters.last { $0.event.content.run != nil }?.event.content
        let run = content?.run
        name = run.map { LongText($0.displayName) }
        state = run.map { StateView($0.status) }
        duration = RunPage.duration(story).map(\.shortText)
        facts = (run?.facts ?? []).map { FactView($0) }
        link = content.flatMap(page.link)
        chapters = story.chapters.map { RunChapterView($0, kinds: kinds, in: page) }
        isCut = story.isCut
        deliveriesPath = page.path("deliveries?run=\(id)")
    }

    private static func duration(_ story: RunStory) -> Duration? {
        guard let first = story.chapters.first?.event, let last = story.chapters.last?.event, first.id != last.id
        else { return nil }
        return last.receivedAt - first.receivedAt
    }
}

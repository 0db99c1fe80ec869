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
    struct Fact: Sendable {
        let label: String
        let value: String
    }

    static let template = "run"
    let frame: PageFrame
    let name: LongText?
    let state: StateView?
    /// Between its first and its last event.
    let duration: String?
    let facts: [Fact]
    let link: String?
    let chapters: [RunChapterView]
    let isCut: Bool
    let deliveriesPath: String

    init(_ id: LoadTestRunID, _ story: RunStory, kinds: ChannelCatalogue, in page: PageContext) {
        frame = page.frame("Run \(id)")
        let runs = story.chapters.compactMap(\.event.content.run)
        let run = runs.last
        name = run.map { LongText($0.displayName) }
        state = run.map { StateView($0.status) }
        duration = RunPage.duration(story).map(\.shortText)
        facts = (run?.facts ?? []).map { Fact(label: $0.label, value: $0.value) }
        link = run.flatMap { run in
            run.context.runURL ?? page.membership.organization.runLinkTemplate?.link(to: run)
        }.flatMap { WebAddress.isWritten($0) ? $0 : nil }
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

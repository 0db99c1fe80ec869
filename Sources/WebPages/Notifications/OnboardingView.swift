import Notifications
import Repository

/// The three steps from nothing to the first notification, for an organization that has not done them all.
struct OnboardingView: Sendable {
    struct Step: Sendable {
        let title: String
        let isDone: Bool
        let text: String
        let link: String
        let path: String
        /// To copy, with everything filled in that is known.
        let command: String
        let commandID: String
    }

    let steps: [Step]

    /// Nil when there is nothing left to do, and for those who cannot do it.
    init?(_ state: Onboarding, in page: PageContext) {
        guard page.mayAdminister, !state.isDone else { return nil }
        let organization = page.organization
        let user = if case .user(let user, _, _) = page.principal { user.description } else { "1" }
        steps = [
            Step(
                title: "Add a channel", isDone: state.hasChannel,
                text: "Where notifications go. Use a card below, or the command line with a personal key:",
                link: "Choose a service", path: "#add-title",
                command: """
                    export RUNBELL_URL=\(page.address)
                    export RUNBELL_KEY=rb_…   # your personal key
                    runbell channels add --organization \(organization) --name Team --url https://hooks.slack.com/services/…
                    """, commandID: "do-channel"),
            Step(
                title: "Create a key for CI", isDone: state.hasServiceKey,
                text: "A service key posts events, and can do nothing else. It says what its runs belong to:",
                link: "Keys",
                path: page.path("keys"),
                command: """
                    runbell keys create --organization \(organization) --service --name CI --project 1 --user \(user)
                    """, commandID: "do-key"),
            Step(
                title: "Run a load test", isDone: state.hasEvent,
                text: "With that key. To try it without a load test, use runbell trigger instead of runbell watch:",
                link: "Events", path: page.path("events"),
                command: Self.loadTest(in: page), commandID: "do-run"),
        ]
    }

    /// The command that runs a load test and posts its events, as every empty page shows it.
    static func loadTest(in page: PageContext) -> String {
        """
        export RUNBELL_URL=\(page.address)
        export RUNBELL_KEY=rb_…   # the key for CI
        runbell watch -- k6 run script.js
        """
    }
}

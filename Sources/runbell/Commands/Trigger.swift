import ArgumentParser
import Notifications

struct Trigger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Post the start and the end of a made-up run, to try channels without a load test.",
        discussion: """
            Examples:
              export RUNBELL_KEY=rb_…   (a service key: runbell keys create --service)
              runbell trigger
              runbell trigger --organization 1 --status failed-threshold --name "Checkout" --takes 5s

            The events are real: every channel that is subscribed to them is notified. The organization is \
            the key's; project, load test and user are number 1 unless you or the key's defaults say otherwise, the name is \(MadeUpRun.name), and each run has a new ID.
            """)

    @Option(
        help: "How the run ends: a code, or a word such as finished, failed-threshold or timed-out.",
        transform: StatusWord.one)
    var status = TestStatus.finished
    @Option(help: "How long the run takes.", transform: OptionValue.duration)
    var takes = Duration.seconds(1)
    @OptionGroup var about: RunOptions
    @OptionGroup var client: ClientOptions

    func run() async throws {
        let settings = try client.settings(about.flags)
        let api = try ClientOptions.client(settings)
        let run = try MadeUpRun.run(settings, by: await KeyFacts.ask(api, deadline: .seconds(30)), now: Clock.now)
        try await post(.testStarted(run), to: api)
        try? await Task.sleep(for: takes)
        let end = try await post(.testFinished(run.with(status: status)), to: api)
        guard !client.json else { return }
        let hint = MadeUpRun.hint(end.json, in: run.organizationID)
        let list = "runbell events list --run \(run.id) --organization \(run.organizationID)"
        Console.note(hint ?? "See what became of it, with a personal key: \(list)")
    }

    @discardableResult
    private func post(_ event: EventContent, to api: APIClient) async throws(CommandFailure) -> APIAnswer {
        let answer = try await api.send(.post, "/v1/events", body: event.json)
        client.present(answer) { MadeUpRun.text($0, of: event) }
        return answer
    }
}

import ArgumentParser
import Notifications

/// The load test of the demo if k6 is not installed.
struct DemoLoad: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo-load", abstract: "Send requests to a URL for five seconds, as the demo's load test.",
        discussion: "Example: runbell demo-load http://127.0.0.1:8000/", shouldDisplay: false)

    @Argument(help: "The URL to request.") var url: String

    func run() async throws {
        let end = ContinuousClock.now + .seconds(5)
        let request = HTTPMessage(method: .get, url: url, headers: [], body: [])
        var failed = 0
        while ContinuousClock.now < end {
            let exchange = await ServiceTransport.shared.send(request, deadline: .seconds(2))
            if case .answered(let answer) = exchange.result, answer.status == 200 {} else { failed += 1 }
            try await Task.sleep(for: .milliseconds(50))
        }
        // Like k6 when a threshold fails.
        if failed > 0 { throw ExitCode(99) }
    }
}

import ArgumentParser
import Foundation

@main
struct Runbell: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runbell",
        abstract: "Notifies Slack, HipChat and web hooks when your load tests start and finish.",
        discussion: """
            Try it:          runbell demo
            Run the service: runbell serve
            Tell of a run:   runbell watch -- k6 run script.js

            Exit codes: 0 fine; 1 what was asked for failed (a test hook was not delivered, verify or ledger \
            check found something, or the output could not be written); \
            2 not allowed, not found or invalid input; 3 the service is out of reach or failed; 64 wrong usage. \
            watch gives back the exit code of the command that it runs.
            """,
        version: Version.current,
        subcommands: [
            Serve.self, Demo.self, Watch.self, Trigger.self, Receive.self, Listen.self, Channels.self, Events.self,
            Deliveries.self, Replays.self, LedgerCommand.self, Organizations.self, Members.self, Keys.self,
            LoginLink.self, Audit.self, Nodes.self, Migrate.self, CopyStore.self, ShowConfiguration.self,
            Completion.self,
            DemoLoad.self,
        ]
    )

    /// The only place that turns a failure into a sentence (or JSON) on standard error, and an exit code.
    static func main() async {
        let output = ErrorOutput(arguments: Array(CommandLine.arguments.dropFirst()))
        do {
            if let failure = HelpRequest.failure(in: output.arguments, of: self) { throw failure }
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            if let failure = Console.failure { throw failure }
        } catch let failure as CommandFailure {
            output.report(failure.naming(optionsAmong: output.arguments))
            Foundation.exit(failure.exit.rawValue)
        } catch let code as ExitCode {
            // The output has said what failed.
            Foundation.exit(code.rawValue)
        } catch {
            if output.isJSON, !exitCode(for: error).isSuccess {
                output.report(CommandFailure(.usage, message(for: error)), exitCode: exitCode(for: error).rawValue)
                Foundation.exit(exitCode(for: error).rawValue)
            }
            exit(withError: error)
        }
    }
}

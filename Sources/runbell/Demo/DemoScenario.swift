import Foundation
import Notifications
import ServiceLifecycle

/// What the demo does once its service is up: sets up, runs a load test, shows the result, and stays.
struct DemoScenario: Service {
    let plan: ServicePlan
    let state: DemoState
    let targetPort: Int
    let board: ArrivalBoard
    /// Yields once, when the service accepts connections.
    let ready: AsyncStream<Void>
    let inherited: InheritedSignals

    /// Two events for three channels.
    private static let expected = 6

    func run() async throws {
        for await _ in ready.cancelOnGracefulShutdown() {
            try await tell()
        }
        try? await gracefulShutdown()
    }

    private func tell() async throws(CommandFailure) {
        let state = try await DemoOrganization(url: plan.listen.url, folder: plan.folder).setUp(state)
        Console.say(DemoText.places(plan, receiverPort: state.receiverPort))
        let load = DemoLoadTool.find()
        let run = Clock.now.microseconds / 1000
        Console.say(DemoText.begin(load, run: run))
        let before = board.count
        let code = try await runLoad(load, run: run)
        await board.wait(for: before + Self.expected, atMost: .seconds(10))
        guard !Task.isShuttingDownGracefully else { return }
        Console.say(DemoText.end(code: code, arrived: board.count - before, of: Self.expected))
        let link = try await DemoOrganization(url: plan.listen.url, folder: plan.folder).loginLink()
        Console.say(DemoText.next(plan, load, link: link, channel: state.channels["slack"] ?? "ID"))
    }

    /// Runs the command that a person would type, as a separate process. Returns its exit code.
    private func runLoad(_ load: DemoLoadTool, run: Int64) async throws(CommandFailure) -> Int32 {
        let program = CommandLine.arguments[0]
        try PrivateFile.write(plan.folder.demoScript, DemoLoadTool.script)
        let target = "http://127.0.0.1:\(targetPort)/"
        let command = load.command(program: program, script: plan.folder.demoScript, target: target)
        do throws(StartFailure) {
            let child = try ChildProcess(
                [program, "watch", "--"] + command, variables: variables(run: run), inheriting: inherited)
            return await Self.end(of: child)
        } catch {
            throw CommandFailure(.failed, "could not start \(program): \(error.text)")
        }
    }

    private func variables(run: Int64) -> [String: String] {
        let key = (try? PrivateFile.read(plan.folder.schedulerKey)) ?? ""
        return [
            "RUNBELL_URL": plan.listen.url, "RUNBELL_KEY": key, "RUNBELL_ORGANIZATION": "\(DemoOrganization.number)",
            "RUNBELL_PROJECT": "1", "RUNBELL_LOAD_TEST": "1", "RUNBELL_USER": "1", "RUNBELL_RUN": "\(run)",
            "RUNBELL_NAME": "Checkout (demo)",
        ]
    }

    /// Waits for the child. Ctrl-C reaches it through the terminal; a SIGTERM sent only to the demo is passed on.
    private static func end(of child: ChildProcess) async -> Int32 {
        var isTold = false
        while true {
            if let exit = child.poll() { return RunEnding(exit).code }
            if Task.isShuttingDownGracefully, !isTold {
                isTold = true
                child.send(SIGTERM)
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }
}

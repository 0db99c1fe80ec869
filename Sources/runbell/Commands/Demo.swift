import ArgumentParser
import Logging
import Notifications

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a demo: service, receiver, organization, channels and a small load test.",
        discussion: """
            Example:
              runbell demo

            Starts the service with an embedded database in ./.runbell and a receiver that stands in for Slack, \
            HipChat and a web hook; saves three channels for organization 1; runs a load test of five seconds \
            under runbell watch (with k6 when it is installed); and shows what the receiver gets. It stays up until \
            Ctrl-C. The next start continues with the same data.
            """)

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        let inherited = InheritedSignals()
        var plan = try ServicePlan(options.settings())
        try plan.folder.make()
        let state = try Self.state(plan.folder)
        Self.open(&plan, to: state)
        let assembly = try await Assembly(plan)
        let board = ArrivalBoard()
        let (ready, signal) = AsyncStream<Void>.makeStream()
        let receiver = Receiver(secret: SigningSecret(state.secret), onArrival: board.note)
        let targetPort = PortProbe.settled(ListenAddress(host: "127.0.0.1", port: 0)).port
        let scenario = DemoScenario(
            plan: assembly.plan, state: state, targetPort: targetPort, board: board, ready: ready, inherited: inherited)
        try await assembly.run(
            first: [
                receiver.application(on: ListenAddress(host: "127.0.0.1", port: state.receiverPort)) { _ in },
                DemoTarget.application(port: targetPort),
            ],
            last: [scenario]
        ) {
            Console.say("Runbell is listening on \(assembly.plan.listen.url)")
            signal.yield()
            signal.finish()
        }
    }

    /// The state of the last start, or a new one. The receiver keeps its port if that is free.
    private static func state(_ folder: DataFolder) throws(CommandFailure) -> DemoState {
        var state = try DemoState(reading: folder) ?? DemoState(receiverPort: 9100, secret: SigningSecret().reveal())
        let wanted = ListenAddress(host: "127.0.0.1", port: state.receiverPort)
        if !PortProbe.isFree(wanted) {
            state.receiverPort = PortProbe.settled(ListenAddress(host: wanted.host, port: 0)).port
            Console.note("Port \(wanted.port) is in use; the receiver uses \(state.receiverPort).")
        }
        return state
    }

    /// The demo's receiver runs on this machine without TLS. Only warnings of the log go to the terminal.
    private static func open(_ plan: inout ServicePlan, to state: DemoState) {
        plan.policy.allowedRanges += ["127.0.0.0/8"].compactMap { AddressRange($0) }
        plan.policy.isHTTPAllowed = true
        plan.serviceHosts.insert("127.0.0.1:\(state.receiverPort)", for: Slack().id)
        plan.logLevel = max(plan.logLevel, .warning)
        if !plan.isListenChosen, !PortProbe.isFree(plan.listen) {
            let taken = plan.listen
            plan.listen = PortProbe.settled(ListenAddress(host: taken.host, port: 0))
            Console.note("\(taken.host):\(taken.port) is in use; the service uses port \(plan.listen.port).")
        }
    }
}

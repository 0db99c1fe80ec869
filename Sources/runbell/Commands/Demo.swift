import ArgumentParser
import Logging
import Notifications

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try everything at once: service, receiver, organization, channels and a small load test.",
        discussion: """
            Example:
              runbell demo

            Starts the service on an embedded database in ./.runbell and a receiver that takes the parts of Slack, \
            HipChat and a web hook; saves three channels for the organization 1; runs a load test of five seconds \
            under runbell watch (with k6 when it is installed); and shows what each receiver got. It stays up until \
            Ctrl-C. A second start goes on with the same data.
            """)

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        let inherited = InheritedSignals()
        var plan = try ServicePlan(options.settings())
        try plan.folder.make()
        let state = try Self.state(plan.folder)
        Self.open(&plan, to: state)
        let wiring = try await Wiring(plan)
        let board = ArrivalBoard()
        let (ready, signal) = AsyncStream<Void>.makeStream()
        let receiver = Receiver(secret: SigningSecret(state.secret), onArrival: board.note)
        let targetPort = PortProbe.settled(ListenAddress(host: "127.0.0.1", port: 0)).port
        let story = DemoStory(
            plan: wiring.plan, state: state, targetPort: targetPort, board: board, ready: ready, inherited: inherited)
        try await wiring.run(
            first: [
                receiver.application(on: ListenAddress(host: "127.0.0.1", port: state.receiverPort)) { _ in },
                DemoTarget.application(port: targetPort),
            ],
            last: [story]
        ) {
            Console.say("Runbell listens on \(wiring.plan.listen.url)")
            signal.yield()
            signal.finish()
        }
    }

    /// The state of the last start, or a new one. The receiver stays where it was, if that port is free.
    private static func state(_ folder: DataFolder) throws(CommandFailure) -> DemoState {
        var state = try DemoState(reading: folder) ?? DemoState(receiverPort: 9100, secret: SigningSecret().reveal())
        let wanted = ListenAddress(host: "127.0.0.1", port: state.receiverPort)
        if !PortProbe.isFree(wanted) {
            state.receiverPort = PortProbe.settled(ListenAddress(host: wanted.host, port: 0)).port
            Console.note("Port \(wanted.port) is taken; the receiver is on \(state.receiverPort).")
        }
        return state
    }

    /// The demo's receiver is on this machine and speaks without TLS. Only the log's warnings are for its terminal.
    private static func open(_ plan: inout ServicePlan, to state: DemoState) {
        plan.policy.allowedRanges += ["127.0.0.0/8"].compactMap { AddressRange($0) }
        plan.policy.isHTTPAllowed = true
        plan.policy.slackHosts.insert("127.0.0.1:\(state.receiverPort)")
        plan.logLevel = max(plan.logLevel, .warning)
        if !plan.isListenChosen, !PortProbe.isFree(plan.listen) {
            let taken = plan.listen
            plan.listen = PortProbe.settled(ListenAddress(host: taken.host, port: 0))
            Console.note("\(taken.host):\(taken.port) is taken; the service is on port \(plan.listen.port).")
        }
    }
}

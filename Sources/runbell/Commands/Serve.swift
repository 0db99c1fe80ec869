import ArgumentParser

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service.",
        discussion: """
            Example:
              runbell serve --data /var/lib/runbell --listen 0.0.0.0:8080

            The first start makes the data folder, the database, the master key and the operator's key in it. SIGTERM \
            and SIGINT end it: what is under way has 25 seconds. Exit codes beside the usual: 74 when the disk failed \
            under the database; a supervisor should start it again.
            """)

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        let wiring = try await Wiring(ServicePlan(options.settings()))
        let plan = wiring.plan
        try await wiring.run {
            Console.note("The operator's key is in \(plan.folder.operatorKey).")
            Console.say("Runbell listens on \(plan.listen.url)")
        }
    }
}

import ArgumentParser

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service.",
        discussion: """
            Example:
              runbell serve --data /var/lib/runbell --listen 0.0.0.0:8080

            The first start creates the data folder with the database, the master key and the operator's key. SIGTERM \
            and SIGINT stop the service, with 25 seconds for requests in progress. Exit code 74 means that the disk \
            failed under the database; a supervisor should restart it.
            """)

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        let assembly = try await Assembly(ServicePlan(options.settings()))
        let plan = assembly.plan
        try await assembly.run {
            Console.note("The operator's key is in \(plan.operatorKeySource).")
            Console.say("Runbell is listening on \(plan.listen.url)")
        }
    }
}

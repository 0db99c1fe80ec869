import ArgumentParser

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring the database to this version's schema; serve does that too when it starts.",
        discussion: "Example: runbell migrate --data /var/lib/runbell")

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        let plan = try ServicePlan(options.settings())
        let storage = try await Storage(plan)
        let (before, now) = storage.schema
        try storage.close()
        Console.say(
            before == now
                ? "\(plan.databaseFile) has schema \(now) already."
                : "\(plan.databaseFile) went from schema \(before) to \(now).")
    }
}

import ArgumentParser

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Migrate the database to this version's schema; serve does so too when it starts.",
        discussion: "Example: runbell migrate --data /var/lib/runbell")

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        let plan = try ServicePlan(options.settings())
        let storage = try await Storage(plan)
        let (before, now) = storage.schema
        try storage.close()
        Console.say(
            before == now
                ? "\(plan.databaseFile) already has schema \(now)."
                : "\(plan.databaseFile) was migrated from schema \(before) to \(now).")
    }
}

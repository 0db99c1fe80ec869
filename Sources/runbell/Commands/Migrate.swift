import ArgumentParser
import Logging
import Repository

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Migrate the database to this version's schema; serve does so too when it starts.",
        discussion: """
            Example: runbell migrate --data /var/lib/runbell

            With --check, nothing is changed, and the exit code is 1 if the database has to be migrated.
            """)

    @Flag(help: "Only say whether the database has this version's schema.")
    var check = false
    @OptionGroup var options: ServiceOptions

    func run() async throws {
        let plan = try ServicePlan(options.settings())
        guard !check else { return try await Self.check(plan) }
        let storage = try await Storage(plan)
        let (before, now) = storage.schema
        try storage.close()
        Console.say(
            before == now
                ? "\(plan.database.shown) already has schema \(now)."
                : "\(plan.database.shown) was migrated from schema \(before) to \(now).")
    }

    private static func check(_ plan: ServicePlan) async throws(CommandFailure) {
        let place = plan.database.shown
        guard try await Storage.isThere(plan) else {
            throw CommandFailure(.failed, "\(place) is not there yet; run runbell migrate")
        }
        // A file is opened by one process at a time.
        if case .sqlite = plan.database { _ = try LockFile(plan.folder) }
        _ = try LockFile.ofFile(plan.database, besides: plan.folder)
        let version = try await version(plan)
        guard version.found >= version.wanted else {
            throw CommandFailure(
                .failed,
                "\(place) has schema \(version.found), and this version needs \(version.wanted); run runbell migrate")
        }
        Console.say("\(place) has schema \(version.found); this version needs \(version.wanted).")
    }

    private static func version(_ plan: ServicePlan) async throws(CommandFailure) -> (found: Int64, wanted: Int64) {
        do throws(RepositoryError) {
            let engine = try StorageEngine(plan.database, node: Node.only, logger: Logger(label: "runbell"))
            let version = try await engine.schemaVersion()
            try engine.close()
            return version
        } catch {
            throw Storage.unopened(plan, error)
        }
    }
}

import ArgumentParser
import Glibc
import Notifications
import Repository

struct CopyStore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy-store",
        abstract:
            "Copy everything into another database, from SQLite to PostgreSQL or back, and move the service there.",
        discussion: """
            Examples:
              runbell copy-store --data /var/lib/runbell --to postgres://runbell@db.example.org/runbell
              runbell copy-store --from postgresql:runbell --to sqlite: --data /var/lib/runbell

            The service may go on meanwhile. Only in the last step, which compares every row of both sides, can nothing be \
            written to the old database. After it, the old database refuses every change: stop the service, and start it \
            with RUNBELL_DATABASE set to the new one. A copy that was stopped continues where it was.
            """)

    @Option(help: "The database to copy (default: the one that the service uses).") var from: String?
    @Option(help: "An empty database, or the unfinished copy. With a password, use postgresql:SERVICE.") var to: String
    @OptionGroup var options: ServiceOptions

    func run() async throws {
        let plan = try ServicePlan(options.settings())
        let source = try from.map { text throws(CommandFailure) in try address(text, plan) } ?? plan.database
        let target = try address(to, plan)
        guard source.shown != target.shown else {
            throw CommandFailure(.refused, "--from and --to are the same database")
        }
        umask(0o077)
        do {
            try await StoreMove(from: source, to: target, plan: plan).run()
        } catch let error as RepositoryError {
            throw CommandFailure(.failed, Self.text(error))
        }
    }

    private func address(_ text: String, _ plan: ServicePlan) throws(CommandFailure) -> DatabaseAddress {
        guard let address = DatabaseAddress(text, in: plan.folder.path) else {
            throw CommandFailure(.usage, "\(text): " + (DatabaseAddress.error(in: text) ?? ""))
        }
        return address
    }

    private static func text(_ error: RepositoryError) -> String {
        switch error {
        case .conflict(let text), .unavailable(let text), .unreadable(let text): text
        case .noSpace: "the disk of the new database is full; make space and run this again to continue"
        default: "the copy failed: \(error)"
        }
    }
}

import Logging
import Notifications
import PostgresDatabase
import Repository
import SQLiteDatabase
import Synchronization

/// One run of `copy-store`: opens both databases, copies, checks the copy, and says how it went.
struct StoreMove {
    let from: DatabaseAddress
    let to: DatabaseAddress
    let plan: ServicePlan

    /// Between the first walk and the last one, which keeps writers waiting, one more finds what changed during the first.
    private static let walksBefore = 2

    func run() async throws {
        guard try await StorageEngine.isThere(from) else {
            throw CommandFailure(.refused, "\(from.shown) is not there; nothing was copied")
        }
        guard
            let key = MasterKey(base64: try ServiceKeys(plan.folder, plan.keys, isDatabaseThere: true).master.reveal())
        else {
            throw CommandFailure(.refused, "\(plan.masterKeySource) does not hold a master key")
        }
        let (source, target) = try (from.opened(isShared: true), to.opened(isShared: false))
        defer {
            try? source.close()
            try? target.close()
        }
        let version = try await source.schemaVersion()
        guard version.found == version.wanted else {
            throw CommandFailure(.refused, "\(from.shown) has another version's schema; run runbell migrate first")
        }
        try await target.database.migrate()
        let sides = try await (stores(source, from, key), stores(target, to, key))
        let copy = StoreCopy(
            from: source.database, named: from.shown, to: target.database, named: to.shown, report: Self.reporter())
        if try await copy.begin() { try await move(copy, sides.0, sides.1) }
        try await copy.release()
        Console.say(
            "The service is to run on \(to.shown) now, with the same master key. \(from.shown) refuses changes.")
    }

    /// Refuses a database of another master key: nothing in the copy could be read.
    private func stores(_ engine: CopyEngine, _ address: DatabaseAddress, _ key: MasterKey) async throws -> Stores {
        let stores = Stores(database: engine.database, kinds: plan.kinds, masterKey: key, now: { Clock.now })
        guard try await stores.maintenance.isOfThisMasterKey() else {
            throw CommandFailure(
                .refused, "\(plan.masterKeySource) is not the key of \(address.shown); nothing was copied")
        }
        return stores
    }

    private func move(_ copy: StoreCopy, _ source: Stores, _ target: Stores) async throws {
        let begin = ContinuousClock.now
        for _ in 0..<Self.walksBefore { try await copy.catchUp() }
        let hold = ContinuousClock.now
        let proof = try await copy.finish { () throws(RepositoryError) in
            let findings = try await target.maintenance.auditFindings()
            guard try await source.maintenance.auditFindings() == findings else {
                throw .unavailable("the audit logs of both sides do not say the same")
            }
            for finding in findings { Console.complain("in both databases: \(finding)") }
            try await Self.balance(target.repository)
        }
        let end = ContinuousClock.now
        Console.progress("")
        Console.say(Self.table(proof))
        Console.say(
            "Both sides are equal: \(proof.reduce(0) { $0 + $1.rows }) rows in \((end - begin).shortText), of which "
                + "nothing could be written for \((end - hold).shortText).")
    }

    /// Every organization's ledger, counted from the rows.
    private static func balance(_ repository: Repository) async throws(RepositoryError) {
        var page = PageRequest(limit: 100)
        repeat {
            let ledgers = try await repository.ledgers(page: page, isWhole: true, as: .operator)
            for ledger in ledgers.items where !ledger.isBalanced {
                Console.complain("the ledger of organization \(ledger.organizationID) does not balance, as before")
            }
            page.cursor = ledgers.next
        } while page.cursor != nil
    }

    private static func table(_ proof: [TableProof]) -> String {
        var table = Table("TABLE", "ROWS", "SHA-256 OF BOTH SIDES")
        for part in proof where part.rows > 0 { table.add(part.table, "\(part.rows)", part.hash) }
        return table.text
    }

    /// Says how far it is and how long the rest takes, at the pace so far.
    private static func reporter() -> @Sendable (CopyProgress) -> Void {
        let walk = Mutex((begin: ContinuousClock.now, done: Int64.max))
        return { progress in
            let elapsed = walk.withLock { walk in
                if progress.done < walk.done { walk.begin = .now }
                walk.done = progress.done
                return ContinuousClock.now - walk.begin
            }
            Console.progress(progress.text(after: elapsed))
        }
    }
}

extension CopyProgress {
    func text(after elapsed: Duration) -> String {
        let percent = total == 0 ? 100 : min(100, done * 100 / total)
        let start = "\(table): \(done) of \(total) rows, \(percent)%"
        guard done > 0, done < total else { return start }
        return start + ", \((elapsed * Double(total - done) / Double(done)).shortText) left"
    }
}

/// A database as a copy uses it: reads may take longer than a service's, and others wait.
enum CopyEngine {
    case sqlite(SQLiteDatabase)
    case postgres(PostgresDatabase)

    var database: any CopyableDatabase {
        switch self {
        case .sqlite(let database): database
        case .postgres(let database): database
        }
    }

    func schemaVersion() async throws(RepositoryError) -> (found: Int64, wanted: Int64) {
        switch self {
        case .sqlite(let database): try await database.schemaVersion()
        case .postgres(let database): try await database.schemaVersion()
        }
    }

    func close() throws(RepositoryError) {
        switch self {
        case .sqlite(let database): try database.close()
        case .postgres(let database): database.close()
        }
    }
}

extension DatabaseAddress {
    /// - Parameter isShared: whether a service may be using it.
    func opened(isShared: Bool) throws(RepositoryError) -> CopyEngine {
        var limits = ReadLimits()
        limits.ownTime = .seconds(600)
        switch self {
        case .sqlite(let file): return .sqlite(try SQLiteDatabase(path: file, limits: limits))
        case .postgres(let address):
            var times = PostgresTimes()
            (times.idle, times.lock) = (.seconds(3600), .seconds(60))
            return .postgres(
                PostgresDatabase(address, node: isShared ? nil : "copy-store", limits: limits, times: times))
        }
    }
}

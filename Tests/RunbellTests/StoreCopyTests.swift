import Notifications
import PostgresDatabase
import Repository
import SQLiteDatabase
import Synchronization
import TestSupport
import Testing

/// Copies of a whole store, between files and servers.
@Suite struct StoreCopyTests {
    enum Way: CaseIterable, Sendable {
        case toPostgres, toSQLite, betweenFiles

        /// Without a server, only between files.
        static let possible: [Way] = PostgresServer.isExpected ? allCases : [.betweenFiles]
    }

    /// Both sides of a copy, and a tenant on the source.
    private struct Ground {
        let folder: TemporaryFolder
        let source: any CopyableDatabase
        let target: any CopyableDatabase
        let key = MasterKey()
        let clock = TestClock()
        let tenant: Tenant

        init(_ way: Way) async throws {
            folder = try TemporaryFolder()
            source = way == .toSQLite ? try await Ground.server() : try SQLiteDatabase(path: folder.file("source"))
            target = way == .toPostgres ? try await Ground.server() : try SQLiteDatabase(path: folder.file("target"))
            try await source.migrate()
            try await target.migrate()
            let stores = Stores(database: source, kinds: .standard(), masterKey: key, now: { [clock] in clock.now })
            _ = try await stores.maintenance.noteMasterKey()
            _ = try await stores.deliveries.begin(as: Node(id: "test"))
            tenant = try await Tenant(in: stores.repository)
        }

        /// One that other processes may write to, too.
        private static func server() async throws -> PostgresDatabase {
            // As the command opens it: beside many tests, a copy keeps the turn to write for longer than a service may.
            var times = PostgresTimes()
            (times.idle, times.lock) = (.seconds(600), .seconds(60))
            return PostgresDatabase(try await PostgresDatabases.shared.get().makeMigrated(), times: times)
        }

        var copy: StoreCopy { StoreCopy(from: source, named: "old", to: target, named: "new") }

        func stores(_ database: any SQLDatabase) -> Stores {
            Stores(database: database, kinds: .standard(), masterKey: key, now: { [clock] in clock.now })
        }

        /// Accepts events with their deliveries, and claims some of them.
        func fill(_ runs: ClosedRange<Int64>) async throws {
            let principal = try await tenant.service().principal
            for run in runs {
                _ = try await tenant.repository.accept(
                    .testStarted(.sample(run)), idempotencyKey: "run-\(run)", as: principal)
            }
        }

        /// Claims due deliveries of a channel, and delivers those that it had claimed before.
        func work(_ channel: Channel, delivering claimed: [ClaimedDelivery] = []) async throws -> [ClaimedDelivery] {
            let store = stores(source).deliveries
            for delivery in claimed { _ = try await store.record(delivered(delivery)) }
            let queue = ChannelQueue(organizationID: tenant.organization, channelID: channel.id)
            return try await store.claim([(queue, 5)], owner: "test", lease: .seconds(30)).flatMap(\.deliveries)
        }

        private func delivered(_ delivery: ClaimedDelivery) -> DeliveryResult {
            DeliveryResult(
                delivery: delivery,
                attempt: Attempt(
                    number: delivery.attempt, startedAt: clock.now, duration: .milliseconds(3), verdict: "delivered",
                    finding: nil, status: 200, address: "127.0.0.1", answer: Array("ok".utf8)),
                verdict: .delivered, failure: nil,
                outcome: Outcome(of: .delivered, attempt: delivery.attemptOfRound, random: 0.5), uptime: .seconds(60))
        }
    }

    @Test(arguments: Way.possible)
    func bothSidesAreEqual(way: Way) async throws {
        let ground = try await Ground(way)
        let channel = try await ground.tenant.channel("One")
        _ = try await ground.tenant.channel("Two")
        try await ground.fill(1...20)
        let claimed = try await ground.work(channel)
        #expect(try await ground.copy.begin())
        try await ground.copy.catchUp()
        // The service goes on meanwhile.
        try await ground.fill(21...25)
        _ = try await ground.work(channel, delivering: claimed)
        let proof = try await ground.copy.finish()
        try await ground.copy.release()
        #expect(proof.allSatisfy { $0.isEqual })
        #expect(proof.first { $0.table == "events" }?.rows == 25)
        #expect(proof.first { $0.table == "deliveries" }?.rows == 50)
        #expect(proof.first { $0.table == "attempts" }?.rows == 5)
        let moved = ground.stores(ground.target)
        #expect(try await moved.maintenance.isOfThisMasterKey())
        #expect(try await moved.maintenance.auditFindings() == [])
        let ledgers = try await moved.repository.ledgers(page: PageRequest(), isWhole: true, as: .operator)
        #expect(ledgers.items.map { $0.isBalanced } == [true])
        // The source can be read, and refuses every change.
        #expect(
            try await ground.tenant.repository.channels(
                of: ground.tenant.organization, page: PageRequest(), as: ground.tenant.owner.principal
            ).items.count == 2)
        await #expect { try await ground.tenant.channel("Late") } throws: { "\($0)".contains("this store was moved") }
        #expect(try await StoreState.read(ground.target) == .own)
    }

    @Test(arguments: Way.possible)
    func aCopyThatWasStoppedContinues(way: Way) async throws {
        let ground = try await Ground(way)
        _ = try await ground.tenant.channel("One")
        try await ground.fill(1...10)
        let failing = FailingDatabase(ground.target, after: 4)
        let stopped = StoreCopy(from: ground.source, named: "old", to: failing, named: "new")
        #expect(try await stopped.begin())
        await #expect(throws: RepositoryError.noSpace) { try await stopped.catchUp() }
        #expect(try await StoreState.read(ground.target) == .unfinished(from: "old"))
        #expect(try await ground.copy.begin())
        let proof = try await ground.copy.finish()
        #expect(proof.allSatisfy { $0.isEqual })
        // Killed before the target was released: nothing else is left to do.
        #expect(try await !ground.copy.begin())
        try await ground.copy.release()
        await #expect(throws: RepositoryError.self) { try await ground.copy.begin() }
    }

    @Test func aWalkThatNothingDisturbsEndsAtItsTotal() async throws {
        let ground = try await Ground(.betweenFiles)
        _ = try await ground.tenant.channel("One")
        try await ground.fill(1...10)
        let reports = Mutex<[CopyProgress]>([])
        let copy = StoreCopy(from: ground.source, named: "old", to: ground.target, named: "new") { progress in
            reports.withLock { $0.append(progress) }
        }
        #expect(try await copy.begin())
        let rows = try await copy.finish().reduce(0) { $0 + $1.rows }
        let last = try #require(reports.withLock { $0.last })
        #expect(last.done == last.total && last.total == rows)
    }

    /// More of them than a piece has.
    @Test func whatIsGoneGoesInTheCopyToo() async throws {
        let ground = try await Ground(.betweenFiles)
        try await ground.fill(1...3)
        #expect(try await ground.copy.begin())
        try await ground.copy.catchUp()
        try await ground.target.write { connection throws(RepositoryError) in
            for number in 0..<9000 {
                try connection.execute(
                    """
                    INSERT INTO login_links (token_hash, organization_id, user_id, created_at, ends_at)
                    VALUES ($1, 1, 1, 0, 0)
                    """, [.blob(Array(repeating: 0, count: 30) + [UInt8(number / 256), UInt8(number % 256)])])
            }
        }
        let proof = try await ground.copy.finish()
        #expect(proof.allSatisfy { $0.isEqual })
        #expect(proof.first { $0.table == "login_links" }?.rows == 0)
    }

    /// The turn to write is held from the last walk until the source refuses changes.
    @Test(arguments: Way.possible)
    func nobodyWritesInBetween(way: Way) async throws {
        let ground = try await Ground(way)
        try await ground.fill(1...3)
        #expect(try await ground.copy.begin())
        let (late, source) = (LateChange(ground.tenant), ground.source)
        _ = try await ground.copy.finish { () throws(RepositoryError) in
            late.begin()
            let channels = try await source.read(.own) { connection throws(RepositoryError) in
                try connection.row("SELECT count(*) FROM channels", []) { row in row.integer(0) }
            }
            #expect(channels == 0)
            #expect(late.isWaiting)
        }
        #expect(await late.wasMade == false)
    }

    @Test func whatBelongsElsewhereIsRefused() async throws {
        let (one, two) = (try await Ground(.betweenFiles), try await Ground(.betweenFiles))
        let onto = StoreCopy(from: one.source, named: "old", to: two.source, named: "used")
        await #expect(throws: RepositoryError.conflict("used has data of its own; copy to an empty database")) {
            try await onto.begin()
        }
        #expect(try await one.copy.begin())
        let other = StoreCopy(from: two.source, named: "other", to: one.target, named: "new")
        await #expect(throws: RepositoryError.self) { try await other.begin() }
        _ = try await one.copy.finish()
        let again = StoreCopy(from: one.source, named: "old", to: two.target, named: "elsewhere")
        await #expect(throws: RepositoryError.conflict("old was moved to new, so it is not copied again")) {
            try await again.begin()
        }
    }

    /// A failed check leaves both as they were.
    @Test func aFailedCheckMovesNothing() async throws {
        let ground = try await Ground(.betweenFiles)
        #expect(try await ground.copy.begin())
        await #expect(throws: RepositoryError.tooSlow) {
            try await ground.copy.finish { () throws(RepositoryError) in throw .tooSlow }
        }
        #expect(try await StoreState.read(ground.source) == .own)
        _ = try await ground.tenant.channel("Still")
        let proof = try await ground.copy.finish()
        #expect(proof.allSatisfy { $0.isEqual })
    }

    @Test(.enabled(if: PostgresServer.isExpected, "PostgreSQL 15 is not installed"))
    func bothEnginesHaveTheSameTables() async throws {
        let ground = try await Ground(.toPostgres)
        let (ours, theirs) = try await (ground.source.tables(), ground.target.tables())
        #expect(ours.count > 20)
        #expect(ours.sorted { $0.name < $1.name } == theirs.sorted { $0.name < $1.name })
    }
}

/// A database that fails after so many writes, as one does whose disk gets full.
private final class FailingDatabase: CopyableDatabase {
    private let database: any CopyableDatabase
    private let left: Mutex<Int>

    init(_ database: any CopyableDatabase, after writes: Int) {
        self.database = database
        left = Mutex(writes)
    }

    func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await database.read(read, in: scope, body)
    }

    func write<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        let isOver = left.withLock { left in
            left -= 1
            return left < 0
        }
        guard !isOver else { throw .noSpace }
        return try await database.write(in: scope, body)
    }

    func migrate() async throws(RepositoryError) { try await database.migrate() }
    func tables() async throws(RepositoryError) -> [CopiedTable] { try await database.tables() }
    func refusal(ofChangesTo table: String, reason: String) -> [String] {
        database.refusal(ofChangesTo: table, reason: reason)
    }
}

/// A change that somebody tries while a copy is being finished.
private final class LateChange: Sendable {
    private let tenant: Tenant
    private let made = Mutex<Bool?>(nil)
    private let trying = Mutex<Task<Void, Never>?>(nil)

    init(_ tenant: Tenant) { self.tenant = tenant }

    func begin() {
        let task = Task {
            let wasMade = (try? await tenant.channel("Late")) != nil
            made.withLock { $0 = wasMade }
        }
        trying.withLock { $0 = task }
    }

    var isWaiting: Bool { made.withLock { $0 == nil } }

    var wasMade: Bool? {
        get async {
            await trying.withLock { $0 }?.value
            return made.withLock { $0 }
        }
    }
}

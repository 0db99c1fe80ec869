import Notifications
import Repository
import Synchronization
import TestSupport
import Testing

@testable import PostgresDatabase

/// Real reads and changes of the repository whose condition on the organization has been forgotten.
@Suite(.postgres) struct ForgottenConditionTests {
    /// Two organizations with the same things in them.
    private struct Ground {
        let database: PostgresDatabase
        let masterKey = MasterKey()
        let clock = TestClock()
        let tenants: [Tenant]

        init() async throws {
            database = PostgresDatabase(try await PostgresDatabases.shared.get().makeMigrated())
            let stores = Stores(
                database: database, kinds: .standard(), masterKey: masterKey, now: { [clock] in clock.now })
            var tenants: [Tenant] = []
            for number in 1...2 {
                let tenant = try await Tenant(Int64(number), in: stores.repository)
                _ = try await tenant.channel("Channel of \(number)")
                _ = try await stores.repository.accept(
                    .testStarted(.sample(organization: Int64(number))), idempotencyKey: "same",
                    as: try await tenant.service().principal)
                tenants.append(tenant)
            }
            self.tenants = tenants
        }

        func repository(_ database: any SQLDatabase) -> Repository {
            Stores(database: database, kinds: .standard(), masterKey: masterKey, now: { [clock] in clock.now })
                .repository
        }
    }

    /// How many channels, events, deliveries, keys, members and audit entries the first organization's owner sees.
    private func seen(by tenant: Tenant, _ repository: Repository) async throws -> [Int] {
        let (organization, owner) = (tenant.organization, tenant.owner.principal)
        return [
            try await repository.channels(of: organization, page: PageRequest(), as: owner).items.count,
            try await repository.events(of: organization, filter: EventFilter(), page: PageRequest(), as: owner).items
                .count,
            try await repository.deliveries(
                of: organization, filter: DeliveryFilter(), page: PageRequest(), as: owner
            ).items.count,
            try await repository.keys(of: organization, as: owner).items.count,
            try await repository.members(of: organization, as: owner).items.count,
            try await repository.auditEntries(after: 0, limit: 1_000, of: organization, as: owner).count,
        ]
    }

    @Test func readsShowNothingOfOthers() async throws {
        let ground = try await Ground()
        let tenant = ground.tenants[0]
        let right = try await seen(by: tenant, ground.repository(ground.database))
        let forgetful = ForgetfulDatabase(ground.database)
        #expect(try await seen(by: tenant, ground.repository(forgetful)) == right)
        #expect(forgetful.count > 10)
        // Without the wall, they would.
        let open = ForgetfulDatabase(ground.database, isWalled: false)
        let leaked = try await seen(by: tenant, ground.repository(open))
        #expect(zip(leaked, right).allSatisfy { $0 > $1 }, "\(leaked) \(right)")
    }

    @Test func changesTouchNothingOfOthers() async throws {
        let ground = try await Ground()
        let (tenant, other) = (ground.tenants[0], ground.tenants[1])
        let forgetful = ground.repository(ForgetfulDatabase(ground.database))
        let channel = try #require(
            try await other.repository.channels(
                of: other.organization, page: PageRequest(), as: other.owner.principal
            ).items.first)
        await #expect(throws: RepositoryError.notFound("channel")) {
            try await forgetful.removeChannel(
                channel.id, of: tenant.organization, version: nil, as: tenant.owner.principal)
        }
        let own = try #require(other.owner.principal.keyID)
        await #expect(throws: RepositoryError.notFound("key")) {
            try await forgetful.removeKey(own, of: tenant.organization, as: tenant.owner.principal)
        }
        #expect(try await seen(by: other, ground.repository(ground.database)).first == 1)
    }
}

extension Principal {
    fileprivate var keyID: KeyID? {
        switch self {
        case .operator: nil
        case .user(_, _, let key), .service(_, let key): key
        }
    }
}

/// Takes the condition on the organization out of every statement.
private final class ForgetfulDatabase: SQLDatabase {
    private let database: any SQLDatabase
    private let isWalled: Bool
    private let forgotten = Mutex(0)

    /// - Parameter isWalled: false to let every statement see everything.
    init(_ database: any SQLDatabase, isWalled: Bool = true) {
        self.database = database
        self.isWalled = isWalled
    }

    var count: Int { forgotten.withLock { $0 } }

    func read<Value: Sendable>(
        _ read: DatabaseRead, in scope: DataScope,
        _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await database.read(read, in: isWalled ? scope : .wholeService) { connection throws(RepositoryError) in
            try body(ForgetfulConnection(connection: connection, note: self.note))
        }
    }

    func write<Value: Sendable>(
        in scope: DataScope, _ body: @escaping @Sendable (any SQLConnection) throws(RepositoryError) -> Value
    ) async throws(RepositoryError) -> Value {
        try await database.write(in: isWalled ? scope : .wholeService) { connection throws(RepositoryError) in
            try body(ForgetfulConnection(connection: connection, note: self.note))
        }
    }

    func migrate() async throws(RepositoryError) { try await database.migrate() }

    private func note() { forgotten.withLock { $0 += 1 } }
}

private struct ForgetfulConnection: SQLConnection {
    let connection: any SQLConnection
    let note: () -> Void

    /// The value stays in the statement, so that it takes the same ones.
    private func forgetting(_ sql: String) -> String {
        let without = sql.replacing(/(?:\w+\.)?organization_id = \$1(?!\d)/) { _ in "$1::bigint IS NOT NULL" }
        if without != sql { note() }
        return without
    }

    func forEachRow(
        _ sql: String, _ values: [SQLValue], _ take: (any SQLRow) throws(RepositoryError) -> Void
    ) throws(RepositoryError) {
        try connection.forEachRow(forgetting(sql), values, take)
    }

    @discardableResult
    func execute(_ sql: String, _ values: [SQLValue]) throws(RepositoryError) -> Int {
        try connection.execute(forgetting(sql), values)
    }

    func together(_ steps: [SQLStep]) throws(RepositoryError) {
        try connection.together(
            steps.map { step in
                step.take.map { SQLStep(asking: forgetting(step.sql), step.lists, take: $0) }
                    ?? SQLStep(forgetting(step.sql), step.lists, count: step.count)
            })
    }
}

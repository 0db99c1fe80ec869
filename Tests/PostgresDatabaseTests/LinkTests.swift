import Notifications
import Repository
import Synchronization
import TestSupport
import Testing

@testable import PostgresDatabase

/// How nodes reach each other, and which of them does the maintenance.
@Suite(.postgres) struct LinkTests {
    /// What a node has heard.
    private final class Ears: Sendable {
        private let heard = Mutex<[NodeNews]>([])

        var all: [NodeNews] { heard.withLock { $0 } }
        func hear(_ news: NodeNews) { heard.withLock { $0.append(news) } }
    }

    private func links(_ count: Int) async throws -> (links: [PostgresLink], ears: [Ears], address: PostgresAddress) {
        let address = try await PostgresDatabases.shared.get().makeMigrated()
        let ears = (0..<count).map { _ in Ears() }
        let links = (0..<count).map { number in
            PostgresLink(address, database: PostgresDatabase(address), node: "node-\(number)")
        }
        for (link, ears) in zip(links, ears) {
            link.start()
            link.listen(ears.hear)
        }
        return (links, ears, address)
    }

    private let news = NodeNews.due(
        ChannelQueue(organizationID: OrganizationID(1), channelID: ChannelID(at: TestClock.wall())))

    @Test func whatOneTellsTheOthersHear() async throws {
        let (links, ears, _) = try await links(3)
        // Each begins with what it may have missed, once it listens.
        try await wait { ears.allSatisfy { $0.all.count >= 2 } }
        links[1].tell(news)
        try await wait { ears[0].all.contains(news) && ears[2].all.contains(news) }
        #expect(!ears[1].all.contains(news))
        for link in links { await link.end() }
    }

    @Test func oneIsInChargeAndAnotherFollows() async throws {
        let (links, _, _) = try await links(3)
        try await wait { links.contains(where: \.isInCharge) }
        #expect(links.filter(\.isInCharge).count == 1)
        let first = try #require(links.firstIndex { $0.isInCharge })
        await links[first].end()
        try await wait { links.indices.contains { $0 != first && links[$0].isInCharge } }
        for (number, link) in links.enumerated() where number != first { await link.end() }
    }

    /// The server frees the lock with the session, so whoever lost its session is no longer in charge.
    @Test func aLinkThatIsCutComesBack() async throws {
        let (links, ears, address) = try await links(2)
        try await wait { links.contains(where: \.isInCharge) && ears.allSatisfy { $0.all.count >= 2 } }
        let session = try PostgresSession(address, settings: "")
        _ = try session.run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
            """)
        try await wait { ears.allSatisfy { $0.all.count >= 3 } && links.filter(\.isInCharge).count == 1 }
        links[0].tell(news)
        try await wait { ears[1].all.contains(news) }
        for link in links { await link.end() }
    }

    @Test func theTimeIsTheDatabases() async throws {
        let (links, _, _) = try await links(1)
        // This machine's steady clock tells nothing of it.
        let steady = Mutex(Duration.seconds(7))
        let start = TestClock.wall()
        let clock = try await ServiceClock.load(
            from: PostgresDatabase(try await PostgresDatabases.shared.get().makeMigrated()), following: links[0],
            steady: { steady.withLock { $0 } })
        #expect(clock.now >= start && clock.now <= TestClock.wall() + .seconds(1))
        #expect(clock.scheduled == clock.now && clock.drift == .zero)
        steady.withLock { $0 = .seconds(3607) }
        #expect(clock.now >= start + .seconds(3600))
        try await clock.set(by: links[0])
        #expect(clock.now <= TestClock.wall() + .seconds(1))
        await links[0].end()
    }

    /// Only one process has a node's name; others wait, and then say so.
    @Test func aNameBelongsToOneProcess() async throws {
        let address = try await PostgresDatabases.shared.get().makeMigrated()
        var times = PostgresTimes()
        times.lock = .milliseconds(200)
        let names = ["a", "b", "it's"]
        let nodes = names.map { PostgresDatabase(address, node: $0, times: times) }
        for node in nodes { try await node.touch() }
        await #expect(throws: RepositoryError.self) {
            try await PostgresDatabase(address, node: "a", times: times).touch()
        }
        nodes[0].close()
        try await PostgresDatabase(address, node: "a", times: times).touch()
    }

    /// A version from before there were nodes had the database for itself.
    @Test func anOlderVersionAndNodesExcludeEachOther() async throws {
        let address = try await PostgresDatabases.shared.get().makeMigrated()
        var times = PostgresTimes()
        times.lock = .milliseconds(200)
        let older = try PostgresSession(address, settings: "SET lock_timeout = 200")
        _ = try older.run("SELECT pg_advisory_lock(1381322306, 3)")
        await #expect(throws: RepositoryError.self) {
            try await PostgresDatabase(address, node: "a", times: times).touch()
        }
        _ = try older.run("SELECT pg_advisory_unlock(1381322306, 3)")
        let node = PostgresDatabase(address, node: "a", times: times)
        try await node.touch()
        #expect(throws: PostgresFault.self) { try older.run("SELECT pg_advisory_lock(1381322306, 3)") }
        withExtendedLifetime(node) {}
    }

    /// Entries that other nodes wrote are in the next checkpoint.
    @Test func aCheckpointCoversTheEntriesOfAllNodes() async throws {
        let nodes = try await Node.several(2)
        let tenant = try await Tenant(in: nodes[0].stores.repository)
        let maintenance = nodes[1].stores.maintenance
        let first = try #require(try await maintenance.writeAuditCheckpoint(isLast: true))
        #expect(first.entries == 2)
        #expect(try await maintenance.writeAuditCheckpoint(isLast: true) == nil)
        _ = try await tenant.member(7, .admin)
        let second = try #require(try await maintenance.writeAuditCheckpoint(isLast: true))
        #expect(second.entries == 4 && second.root != first.root)
        #expect(try await nodes[0].stores.maintenance.writeAuditCheckpoint(isLast: true) == nil)
    }
}

extension PostgresDatabase {
    fileprivate func touch() async throws(RepositoryError) {
        try await write { connection throws(RepositoryError) in
            try connection.execute("UPDATE installation SET audit_entries = audit_entries", [])
        }
    }
}

import Crypto
import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct InstallationTests {
    @Test func anotherMasterKeyIsRecognized() async throws {
        let world = try await TestWorld()
        let other = Stores(
            database: world.database, kinds: .standard(), masterKey: MasterKey(), now: { world.clock.now }
        ).maintenance
        #expect(try await other.isOfThisMasterKey(), "nothing is known yet")
        #expect(try await world.maintenance.noteMasterKey())
        #expect(try await !other.isOfThisMasterKey())
        #expect(try await world.maintenance.isOfThisMasterKey())
        #expect(try await !other.noteMasterKey(), "it is noted once")
        #expect(try await world.maintenance.isOfThisMasterKey())
    }

    @Test func whatTheOperatorDoesInNoOrganizationIsInALogOfItsOwn() async throws {
        let world = try await TestWorld()
        let key = APIKey().hash
        let token = try await RequestSource.$address.withValue("192.0.2.9") {
            try await world.authenticator.startSession(as: .operator, operatorKey: key)
        }
        try await world.authenticator.endSession(token)
        let log = try await world.repository.installationLog(page: PageRequest(), as: .operator)
        #expect(log.items.map(\.action) == ["session.ended", "session.started"])
        #expect(log.items.last?.origin?.source == "192.0.2.9" && log.items.allSatisfy { $0.actor == "operator" })
        await #expect(throws: RepositoryError.forbidden(Permission.operate.requirement)) {
            try await world.repository.installationLog(page: PageRequest(), as: world.owner)
        }
        await #expect(throws: RepositoryError.self) {
            try await world.repository.saveOrganization(
                .installation, name: "Mine", owner: UserID(1), runLinkTemplate: nil, as: .operator)
        }
    }

    @Test func theInstallationsLogHasPages() async throws {
        let world = try await TestWorld()
        for _ in 1...3 {
            _ = try await world.authenticator.startSession(as: .operator, operatorKey: SHA256.hash(data: [1]))
        }
        let page = try await world.repository.installationLog(page: PageRequest(limit: 2), as: .operator)
        let rest = try await world.repository.installationLog(
            page: PageRequest(limit: 10, cursor: page.next), as: .operator)
        let whole = try await world.repository.installationLog(page: PageRequest(), as: .operator)
        #expect(whole.items.count >= 3 && page.items.count == 2 && page.items + rest.items == whole.items)
    }
}

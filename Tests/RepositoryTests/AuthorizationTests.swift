import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct AuthorizationTests {
    @Test func rolesAreLookedUpInTheTransactionThatUsesThem() async throws {
        let world = try await TestWorld()
        let admin = try await world.member(2, .admin)
        _ = try await world.repository.createChannel(in: world.organization, as: admin) { ChannelDraft.webHook() }
        _ = try await world.repository.saveMember(UserID(2), role: .member, in: world.organization, as: world.owner)
        await #expect(throws: RepositoryError.forbidden(Permission.administer.requirement)) {
            try await world.repository.createChannel(in: world.organization, as: admin) { ChannelDraft.webHook() }
        }
    }

    @Test func everyRefusalOfSomebodyKnownLeavesOneEntry() async throws {
        let world = try await TestWorld()
        let member = try await world.member(2, .member)
        let before = try await world.auditEntries()
        await #expect(throws: RepositoryError.self) {
            try await world.repository.createChannel(in: world.organization, as: member) { ChannelDraft.webHook() }
        }
        await #expect(throws: RepositoryError.self) {
            try await world.repository.auditHead(of: world.organization, as: member)
        }
        let added = try await world.auditEntries().dropFirst(before.count)
        #expect(added.map(\.action) == ["refused", "refused"])
        #expect(added.map(\.actor) == ["user:2", "user:2"])
        #expect(added.first?.detail.contains("channel.create") == true)
    }

    @Test func aForeignOrganizationLooksLikeNone() async throws {
        let world = try await TestWorld()
        let stranger = try await Tenant(2, owner: 9, in: world.repository).owner.principal
        for organization in [world.organization, OrganizationID(404)] {
            await #expect(throws: RepositoryError.notFound("organization")) {
                try await world.repository.channels(of: organization, page: PageRequest(), as: stranger)
            }
        }
    }

    /// Even if its user owns the other organization, too.
    @Test func aKeyIsOfOneOrganization() async throws {
        let world = try await TestWorld()
        let other = try await Tenant(2, owner: 1, in: world.repository)
        await #expect(throws: RepositoryError.notFound("organization")) {
            try await world.repository.channels(
                of: world.organization, page: PageRequest(), as: other.owner.principal)
        }
        let service = try await other.service().principal
        await #expect(throws: RepositoryError.notFound("organization")) {
            try await world.repository.accept(.testStarted(.sample(1)), idempotencyKey: nil, as: service)
        }
    }

    @Test func aRemovedMembersKeysAreGone() async throws {
        let world = try await TestWorld()
        let admin = try await world.member(2, .admin)
        try await world.repository.removeMember(UserID(2), of: world.organization, as: world.owner)
        await #expect(throws: RepositoryError.unauthenticated) {
            try await world.repository.channels(of: world.organization, page: PageRequest(), as: admin)
        }
    }

    @Test func anAdminCannotMakeOwnersNorActAsOne() async throws {
        let world = try await TestWorld()
        let admin = try await world.member(2, .admin)
        let refusal = RepositoryError.forbidden("Only owners of the organization can do this.")
        await #expect(throws: refusal) {
            try await world.repository.saveMember(UserID(3), role: .owner, in: world.organization, as: admin)
        }
        await #expect(throws: refusal) {
            try await world.repository.saveMember(UserID(1), role: .admin, in: world.organization, as: admin)
        }
        await #expect(throws: refusal) {
            try await world.repository.removeMember(UserID(1), of: world.organization, as: admin)
        }
        let keys = try await world.repository.keys(of: world.organization, as: world.owner)
        let key = try #require(keys.items.first { $0.holder == .user(UserID(1)) })
        await #expect(throws: refusal) {
            try await world.repository.removeKey(key.id, of: world.organization, as: admin)
        }
        await #expect(throws: refusal) {
            try await world.repository.makeKey(
                name: "sly", holder: .user(UserID(1)), expiresAt: nil, in: world.organization, as: admin)
        }
    }

    @Test func theLastOwnerStays() async throws {
        let world = try await TestWorld()
        await #expect(throws: RepositoryError.self) {
            try await world.repository.removeMember(UserID(1), of: world.organization, as: world.owner)
        }
        await #expect(throws: RepositoryError.self) {
            try await world.repository.saveMember(UserID(1), role: .admin, in: world.organization, as: world.owner)
        }
        _ = try await world.member(2, .owner)
        try await world.repository.removeMember(UserID(1), of: world.organization, as: world.owner)
    }

    /// Whoever assigned them may have used all 64 bits.
    @Test(arguments: [Int64.max, Int64.min, 1 << 61])
    func numbersOfUsersAndProjectsMayBeAnything(_ number: Int64) async throws {
        let world = try await TestWorld()
        let user = try await world.member(number, .admin)
        let made = try await world.repository.makeKey(
            name: "ci", holder: .service([.writeEvents]),
            defaults: KeyDefaults(projectID: ProjectID(number), userID: UserID(number)), expiresAt: nil,
            in: world.organization, as: user)
        let keys = try await world.repository.keys(of: world.organization, as: world.owner).items
        #expect(keys.first { $0.id == made.description.id }?.defaults.projectID == ProjectID(number))
        #expect(keys.contains { $0.holder == .user(UserID(number)) })
    }

    @Test func anExpiredKeyIsNoKey() async throws {
        let world = try await TestWorld()
        let made = try await world.repository.makeKey(
            name: "short", holder: .service([.writeEvents]), expiresAt: world.clock.now + .seconds(60),
            in: world.organization, as: world.owner)
        let principal = try await world.authenticator.principal(presenting: made.key)
        #expect(principal == .service(of: world.organization, key: made.description.id))
        world.clock.advance(by: .seconds(61))
        #expect(try await world.authenticator.principal(presenting: made.key) == nil)
        await #expect(throws: RepositoryError.unauthenticated) {
            try await world.repository.accept(
                .testNotificationChannel, idempotencyKey: nil,
                as: .service(of: world.organization, key: made.description.id))
        }
    }

    @Test func aKeyIsKnownByAllOfItNotByItsPublicPart() async throws {
        let world = try await TestWorld()
        let made = try await world.repository.makeKey(
            name: "ci", holder: .service([.writeEvents]), expiresAt: nil, in: world.organization, as: world.owner)
        #expect(try await world.authenticator.principal(presenting: made.key) != nil)
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute("UPDATE keys SET secret_hash = $1", [.blob(Array(repeating: 0, count: 32))])
        }
        #expect(try await world.authenticator.principal(presenting: made.key) == nil)
    }
}

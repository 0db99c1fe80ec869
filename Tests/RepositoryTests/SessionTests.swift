import Crypto
import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct SessionTests {
    private let operatorKey = SHA256.hash(data: [1])

    private func session(_ token: RandomToken, in world: TestWorld, isUse: Bool = true) async throws -> Session? {
        try await world.authenticator.session(presenting: token, operatorKey: operatorKey, isUse: isUse)
    }

    @Test func whoIsSignedInIsThePrincipalOfTheKey() async throws {
        let world = try await TestWorld()
        let token = try await world.authenticator.startSession(as: world.owner, operatorKey: operatorKey)
        #expect(try await session(token, in: world)?.principal == world.owner)
        #expect(try await session(RandomToken(), in: world) == nil)
        let operators = try await world.authenticator.startSession(as: .operator, operatorKey: operatorKey)
        #expect(try await session(operators, in: world)?.principal == .operator)
        let other = SHA256.hash(data: [2])
        #expect(try await world.authenticator.session(presenting: operators, operatorKey: other) == nil)
        await #expect(throws: RepositoryError.self) {
            try await world.authenticator.startSession(as: world.service(), operatorKey: operatorKey)
        }
    }

    @Test func aSessionEndsAfterHalfAnHourWithoutUse() async throws {
        let world = try await TestWorld()
        let token = try await world.authenticator.startSession(as: world.owner, operatorKey: operatorKey)
        for _ in 1...4 {
            world.clock.advance(by: .seconds(29 * 60))
            #expect(try await session(token, in: world) != nil)
        }
        world.clock.advance(by: .seconds(30 * 60))
        #expect(try await session(token, in: world) == nil)
    }

    @Test func lookingOnDoesNotKeepItAlive() async throws {
        let world = try await TestWorld()
        let token = try await world.authenticator.startSession(as: world.owner, operatorKey: operatorKey)
        world.clock.advance(by: .seconds(20 * 60))
        #expect(try await session(token, in: world, isUse: false) != nil)
        world.clock.advance(by: .seconds(11 * 60))
        #expect(try await session(token, in: world) == nil)
    }

    @Test func aSessionEndsAfterEightHoursHoweverMuchItIsUsed() async throws {
        let world = try await TestWorld()
        let token = try await world.authenticator.startSession(as: world.owner, operatorKey: operatorKey)
        for _ in 1...47 {
            world.clock.advance(by: .seconds(600))
            #expect(try await session(token, in: world) != nil)
        }
        world.clock.advance(by: .seconds(599))
        #expect(try await session(token, in: world) != nil)
        world.clock.advance(by: .seconds(1))
        #expect(try await session(token, in: world) == nil)
    }

    @Test func aSessionEndsWithItsKeyAndBySigningOut() async throws {
        let world = try await TestWorld()
        let admin = try await world.member(2, .admin)
        guard case .user(_, _, let key) = admin else { throw CancellationError() }
        let first = try await world.authenticator.startSession(as: admin, operatorKey: operatorKey)
        let second = try await world.authenticator.startSession(as: world.owner, operatorKey: operatorKey)
        try await world.repository.removeKey(key, of: world.organization, as: world.owner)
        #expect(try await session(first, in: world) == nil)
        try await world.authenticator.endSession(second)
        #expect(try await session(second, in: world) == nil)
        #expect(try await world.authenticator.principal(presenting: APIKey()) == nil)
        let actions = try await world.auditEntries().map(\.action)
        #expect(actions.filter { $0.hasPrefix("session.") } == ["session.started", "session.started", "session.ended"])
    }

    @Test func aSessionEndsWhenItsKeyExpires() async throws {
        let world = try await TestWorld()
        let made = try await world.repository.makeKey(
            name: "short", holder: .user(UserID(1)), expiresAt: world.clock.now + .seconds(600), in: world.organization,
            as: world.owner)
        let principal = Principal.user(UserID(1), of: world.organization, key: made.description.id)
        let token = try await world.authenticator.startSession(as: principal, operatorKey: operatorKey)
        world.clock.advance(by: .seconds(599))
        #expect(try await session(token, in: world)?.principal == principal)
        world.clock.advance(by: .seconds(1))
        #expect(try await session(token, in: world) == nil, "the key has expired")
    }

    @Test func aLinkDiesWithItsMember() async throws {
        let world = try await TestWorld()
        _ = try await world.member(2, .admin)
        let link = try await world.repository.makeLoginLink(for: UserID(2), of: world.organization, as: .operator)
        let other = try await world.repository.makeLoginLink(for: UserID(1), of: world.organization, as: .operator)
        try await world.repository.removeMember(UserID(2), of: world.organization, as: world.owner)
        _ = try await world.member(2, .member)
        #expect(try await world.authenticator.loginLink(link.token) == nil)
        #expect(try await world.authenticator.startSession(using: link.token) == nil)
        #expect(try await world.authenticator.startSession(using: other.token) != nil)
    }

    @Test func aLinkSignsInOnceAndItsKeyGoesWithTheSession() async throws {
        let world = try await TestWorld()
        let link = try await world.repository.makeLoginLink(
            for: UserID(1), of: world.organization, as: .operator)
        #expect(try await world.authenticator.loginLink(link.token)?.userID == UserID(1))
        let token = try #require(try await world.authenticator.startSession(using: link.token))
        #expect(try await world.authenticator.startSession(using: link.token) == nil)
        #expect(try await world.authenticator.loginLink(link.token) == nil)
        let principal = try #require(try await session(token, in: world)?.principal)
        #expect(try await world.repository.membership(in: world.organization, as: principal).role == .owner)
        let keys = try await world.repository.keys(of: world.organization, as: .operator).items.count
        try await world.authenticator.endSession(token)
        #expect(try await world.repository.keys(of: world.organization, as: .operator).items.count == keys - 1)
    }

    @Test func aLinkIsTheOperatorsToMakeAndEndsSoon() async throws {
        let world = try await TestWorld()
        await #expect(throws: RepositoryError.forbidden(Permission.operate.requirement)) {
            try await world.repository.makeLoginLink(for: UserID(1), of: world.organization, as: world.owner)
        }
        await #expect(throws: RepositoryError.notFound("member")) {
            try await world.repository.makeLoginLink(for: UserID(99), of: world.organization, as: .operator)
        }
        let link = try await world.repository.makeLoginLink(for: UserID(1), of: world.organization, as: .operator)
        world.clock.advance(by: .seconds(15 * 60))
        #expect(try await world.authenticator.startSession(using: link.token) == nil)
    }

    @Test func tokensHaveOneFormAndPrintNothing() {
        let token = RandomToken()
        #expect(RandomToken(token.reveal())?.hash == token.hash)
        #expect(token.hash != RandomToken().hash)
        #expect("\(token)" == "[redacted]")
        #expect(token.derived(for: "form") != token.derived(for: "other"))
        for wrong in ["", "0", String(repeating: "G", count: 64), String(repeating: "A", count: 64)] {
            #expect(RandomToken(wrong) == nil)
        }
    }
}

import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct MemberNameTests {
    private func save(_ name: String?, _ user: Int64, in world: TestWorld) async throws {
        _ = try await world.repository.saveMember(
            UserID(user), role: .owner, profile: MemberProfileChange(name: .some(name)), in: world.organization,
            as: world.owner)
    }

    @Test func everyAttemptSaysTheNameOfTheTimeOfTheEvent() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let service = try await world.service()
        try await save("Anna", 1, in: world)
        let accepted = try await world.repository.accept(
            .testStarted(.sample(7)), idempotencyKey: nil, as: service)
        try await save("Berta", 1, in: world)
        let claims = try await world.claim(channel)
        #expect(claims.map { $0.content.run?.userName } == ["Anna"])
        #expect(claims.first?.content.run?.facts.contains { $0.value == "Anna" && $0.isUserText } == true)
        let event = try await world.repository.event(accepted.eventID, of: world.organization, as: world.owner).event
        #expect(event.content.run?.userName == "Anna")
        // The event itself is as it was posted.
        #expect(event.content.json == EventContent.testStarted(.sample(7)).json)
    }

    @Test func whoeverHasNoNameHasANumber() async throws {
        let world = try await TestWorld()
        _ = try await world.channel()
        let service = try await world.service()
        try await save("Anna", 1, in: world)
        try await save(nil, 1, in: world)
        let accepted = try await world.repository.accept(.testStarted(.sample(7)), idempotencyKey: nil, as: service)
        let event = try await world.repository.event(accepted.eventID, of: world.organization, as: world.owner).event
        #expect(event.content.run?.startedBy == "User 1")
        let names = try await world.repository.memberNames(
            ["user:1", "user:99", "system", "user:x"], of: world.organization, as: world.owner)
        #expect(names.who("user:1") == "user:1" && names.who("system") == "system")
        #expect(names.name(UserID(99)) == "User 99")
    }

    @Test func explanationsNameWhoDidIt() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let service = try await world.service()
        try await save("Anna", 1, in: world)
        _ = try await world.repository.pauseChannel(channel.id, of: world.organization, as: world.owner)
        let accepted = try await world.repository.accept(.testStarted(.sample(7)), idempotencyKey: nil, as: service)
        let told = try await world.repository.event(accepted.eventID, of: world.organization, as: world.owner)
        #expect(told.outcomes.first?.text.hasPrefix("Queued: Anna paused the channel") == true)
        let names = try await world.repository.memberNames(["user:1"], of: world.organization, as: world.owner)
        #expect(names.who("user:1") == "Anna (user:1)")
    }

    @Test func theAuditLogTellsOfNamesAndKeepsNoAddress() async throws {
        let world = try await TestWorld()
        let change = MemberProfileChange(name: "Anna", email: MailAddress("anna@example.org"))
        let saved = try await world.repository.saveMember(
            UserID(2), role: .member, profile: change, in: world.organization, as: world.owner)
        #expect(saved.member.profile == MemberProfile(name: "Anna", email: MailAddress("anna@example.org")))
        // What is not mentioned stays.
        let again = try await world.repository.saveMember(
            UserID(2), role: .admin, in: world.organization, as: world.owner)
        #expect(again.member.profile == saved.member.profile)
        let log = try await world.repository.auditLog(
            of: world.organization, filter: AuditFilter(target: "member:2"), page: PageRequest(), as: world.owner)
        let details = log.items.map(\.detail).joined()
        #expect(log.items.allSatisfy { $0.detail.contains("name_after") == $0.detail.contains("email_changed") })
        #expect(details.contains("Anna") && details.contains("email_changed") && !details.contains("example.org"))
    }

    @Test func aMemberWhomTheOperatorMakesAnOwnerKeepsNameAndAddress() async throws {
        let world = try await TestWorld()
        let change = MemberProfileChange(name: "Anna", email: MailAddress("anna@example.org"))
        let saved = try await world.repository.saveMember(
            UserID(2), role: .member, profile: change, in: world.organization, as: world.owner)
        world.clock.advance(by: .seconds(1))
        _ = try await world.repository.saveOrganization(
            world.organization, name: "Renamed", owner: UserID(2), runLinkTemplate: nil, as: .operator)
        let now = try await world.repository.member(UserID(2), of: world.organization, as: world.owner)
        #expect(now.role == .owner && now.profile == saved.member.profile && now.createdAt == saved.member.createdAt)
        let log = try await world.repository.auditLog(
            of: world.organization, filter: AuditFilter(target: "member:2"), page: PageRequest(), as: world.owner)
        #expect(log.items.map(\.action) == ["member.updated", "member.added"])
        #expect(log.items.first?.actor == "operator")
    }
}

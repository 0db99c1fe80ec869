import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct PlannedRemovalTests {
    @Test func whatComesMeanwhileWaitsAndAnUndoneRemovalLosesNothing() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let plan = try await world.repository.planRemoval(
            of: channel.id, in: world.organization, version: 1, as: world.owner)
        #expect(plan.dueAt == world.clock.now + Repository.removalDelay)
        try await world.post()
        #expect(try await world.claim(channel).isEmpty)
        world.clock.advance(by: .seconds(59))
        try await world.maintenance.removePlannedChannels()
        let kept = try await world.repository.undoRemoval(of: channel.id, in: world.organization, as: world.owner)
        #expect(kept.state == .enabled)
        #expect(kept.settings == channel.settings)
        #expect(try await world.claim(channel).count == 1)
        #expect(try await world.repository.plannedRemovals(in: world.organization, as: world.owner).isEmpty)
    }

    @Test func afterAMinuteItIsRemovedInTheNameOfWhoWantedIt() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.repository.planRemoval(
            of: channel.id, in: world.organization, version: nil, as: world.owner)
        try await world.post()
        world.clock.advance(by: Repository.removalDelay)
        try await world.maintenance.removePlannedChannels()
        try await world.maintenance.removePlannedChannels()
        await #expect(throws: RepositoryError.notFound("channel")) {
            try await world.repository.channel(channel.id, of: world.organization, as: world.owner)
        }
        await #expect(throws: RepositoryError.notFound("removal")) {
            try await world.repository.undoRemoval(of: channel.id, in: world.organization, as: world.owner)
        }
        #expect(try await world.states() == [.cancelled])
        let entries = try await world.auditEntries().filter { $0.action.hasPrefix("channel.remov") }
        #expect(entries.map(\.action) == ["channel.removal_planned", "channel.removed"])
        #expect(entries.allSatisfy { $0.actor == "user:1" })
    }

    @Test func aDisabledChannelStaysDisabledWhenItsRemovalIsUndone() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel(isEnabled: false)
        _ = try await world.repository.planRemoval(
            of: channel.id, in: world.organization, version: nil, as: world.owner)
        await #expect(throws: RepositoryError.self) {
            try await world.repository.planRemoval(
                of: channel.id, in: world.organization, version: nil, as: world.owner)
        }
        let kept = try await world.repository.undoRemoval(of: channel.id, in: world.organization, as: world.owner)
        #expect(kept.state == .disabled)
    }

    @Test func aChannelThatWasDisabledMeanwhileStaysSo() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post()
        let delivery = try #require(try await world.claim(channel).first)
        _ = try await world.repository.planRemoval(
            of: channel.id, in: world.organization, version: nil, as: world.owner)
        let gone = Verdict.gone(Finding("http.410", "Gone."))
        _ = try await world.deliveries.record(world.result(delivery, gone))
        let kept = try await world.repository.undoRemoval(of: channel.id, in: world.organization, as: world.owner)
        #expect(kept.state == .disabled && kept.disabledReason == "Gone.")
    }

    @Test func anOldVersionAndAMemberAreRefused() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let member = try await world.member(3, .member)
        await #expect(throws: RepositoryError.staleVersion(current: 1)) {
            try await world.repository.planRemoval(
                of: channel.id, in: world.organization, version: 7, as: world.owner)
        }
        await #expect(throws: RepositoryError.forbidden(Permission.administer.requirement)) {
            try await world.repository.planRemoval(
                of: channel.id, in: world.organization, version: nil, as: member)
        }
    }
}

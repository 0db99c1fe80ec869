import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct RunStoryTests {
    private func finished(_ run: LoadTestRun) -> EventContent { .testFinished(run.with(status: .failedThreshold)) }

    @Test func itGoesFromTheStartToTheEndWithWhoWasTold() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let service = try await world.service()
        for content in [EventContent.testStarted(.sample(7)), finished(.sample(7)), .testStarted(.sample(8))] {
            world.clock.advance(by: .seconds(60))
            _ = try await world.repository.accept(content, idempotencyKey: nil, as: service)
        }
        let story = try await world.repository.run(LoadTestRunID(7), of: world.organization, as: world.owner)
        #expect(story.chapters.map(\.event.content.type) == [.testStarted, .testFinished])
        #expect(story.chapters.map { $0.digest.first.map(\.channelID) } == [[channel.id], [channel.id]])
        #expect(!story.isCut)
    }

    @Test func aRunWithoutEventsIsNotFound() async throws {
        let world = try await TestWorld()
        await #expect(throws: RepositoryError.notFound("run")) {
            try await world.repository.run(LoadTestRunID(7), of: world.organization, as: world.owner)
        }
    }

    @Test func aRunOfManyEventsIsCut() async throws {
        let world = try await TestWorld()
        let service = try await world.service()
        for _ in 1...8 {
            _ = try await world.repository.accept(.testStarted(.sample(7)), idempotencyKey: nil, as: service)
        }
        let story = try await world.repository.run(LoadTestRunID(7), of: world.organization, as: world.owner)
        #expect(story.chapters.count == 6 && story.isCut)
        #expect(story.chapters.last?.event.sequence == 8)
    }
}

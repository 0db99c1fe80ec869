import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct EventTests {
    @Test func everyChannelGetsARowWithItsReason() async throws {
        let world = try await TestWorld()
        _ = try await world.channel("All")
        _ = try await world.channel("Off", isEnabled: false)
        _ = try await world.channel("Started", subscription: Subscription(reading: ["events": ["test.started"]]))
        _ = try await world.channel("Failed", subscription: Subscription(reading: ["statuses": [12]]))
        _ = try await world.channel("Elsewhere", subscription: Subscription(reading: ["project_ids": [10]]))
        let acceptance = try await world.repository.accept(
            .testFinished(.sample(status: .finished)), idempotencyKey: nil, as: world.service())
        #expect(acceptance.due == 1 && acceptance.skipped == 4)
        let event = try await world.repository.event(acceptance.eventID, of: world.organization, as: world.owner)
        let reasons = Dictionary(uniqueKeysWithValues: event.outcomes.map { ($0.channelName, $0.reason) })
        #expect(
            reasons == [
                "All": nil, "Off": "channel_disabled", "Started": "not_subscribed.event",
                "Failed": "not_subscribed.status", "Elsewhere": "not_subscribed.project",
            ])
        #expect(event.outcomes.allSatisfy { !$0.text.isEmpty })
    }

    @Test func theSameKeyAndBodyIsTheSameEvent() async throws {
        let world = try await TestWorld()
        _ = try await world.channel()
        let service = try await world.service()
        let content = EventContent.testStarted(.sample())
        let first = try await world.repository.accept(content, idempotencyKey: "a", as: service)
        let again = try await world.repository.accept(content, idempotencyKey: "a", as: service)
        #expect(!first.isReplay && again.isReplay)
        #expect(first.eventID == again.eventID && again.due == 1 && again.dueQueues.isEmpty)
        await #expect(throws: RepositoryError.idempotencyMismatch) {
            try await world.repository.accept(
                .testStarted(.sample(43)), idempotencyKey: "a", as: service)
        }
        let page = try await world.repository.events(
            of: world.organization, filter: EventFilter(), page: PageRequest(), as: world.owner)
        #expect(page.items.count == 1)
    }

    @Test func manyAtOnceWithOneKeyAreOneEvent() async throws {
        let world = try await TestWorld()
        let service = try await world.service()
        let ids = try await withThrowingTaskGroup(of: EventID.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await world.repository.accept(
                        .testStarted(.sample()), idempotencyKey: "once", as: service
                    ).eventID
                }
            }
            return try await group.reduce(into: Set<EventID>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
    }

    @Test func anIdempotencyKeyIsForgottenAfterItsTime() async throws {
        let world = try await TestWorld()
        let service = try await world.service()
        let content = EventContent.testStarted(.sample())
        let first = try await world.repository.accept(content, idempotencyKey: "a", as: service)
        world.clock.advance(by: Repository.idempotencyLifetime + .seconds(1))
        let second = try await world.repository.accept(content, idempotencyKey: "a", as: service)
        #expect(first.eventID != second.eventID)
        let again = try await world.repository.accept(content, idempotencyKey: "a", as: service)
        #expect(again.eventID == second.eventID)
        world.clock.advance(by: Repository.idempotencyLifetime + .seconds(1))
        #expect(try await world.maintenance.forgetIdempotencyKeys(limit: 10) == 1)
        #expect(try await world.maintenance.forgetIdempotencyKeys(limit: 10) == 0)
    }

    @Test func aForeignEventIsRefusedAndTheOthersOfABatchAreNot() async throws {
        let world = try await TestWorld()
        _ = try await world.repository.saveOrganization(
            OrganizationID(2), name: "Other", owner: UserID(9), runLinkTemplate: nil, as: .operator)
        let service = try await world.service()
        await #expect(throws: RepositoryError.notFound("organization")) {
            try await world.repository.accept(
                .testStarted(.sample(organization: 2)), idempotencyKey: nil, as: service)
        }
        let results = try await world.repository.accept(
            firstOf: [
                .testStarted(.sample(1)), .testStarted(.sample(2, organization: 2)),
                .testNotificationChannel,
            ],
            as: service)
        let succeeded = results.map { result in (try? result.get()) != nil }
        #expect(succeeded == [true, false, true])
    }

    /// All other writers wait for a transaction, so each takes a limited part of a batch; an event is never split.
    @Test func aBatchGoesInTransactionsOfFiftyRows() async throws {
        let world = try await TestWorld()
        let service = try await world.service()
        let batch = (1...1000).map { EventContent.testStarted(.sample($0)) }
        #expect(try await world.repository.accept(firstOf: batch[...], as: service).count == 50)
        for number in 1...3 { _ = try await world.channel("Off \(number)", isEnabled: false) }
        let results = try await world.repository.accept(firstOf: batch[600...], as: service)
        #expect(results.count == 13)
        #expect(try results.allSatisfy { try $0.get().deliveries == 3 })
    }

    @Test func sequencesHaveNoGapsAndListsPage() async throws {
        let world = try await TestWorld()
        let service = try await world.service()
        for number in 1...5 {
            _ = try await world.repository.accept(
                .testStarted(.sample(Int64(number))), idempotencyKey: nil, as: service)
        }
        var sequences: [Int64] = []
        var cursor: Cursor?
        repeat {
            let page = try await world.repository.events(
                of: world.organization, filter: EventFilter(), page: PageRequest(limit: 2, cursor: cursor),
                as: world.owner)
            sequences += page.items.map(\.sequence)
            cursor = page.next
        } while cursor != nil
        #expect(sequences == [5, 4, 3, 2, 1])
    }

    @Test func onlyAServiceKeyPostsEvents() async throws {
        let world = try await TestWorld()
        for principal in [world.owner, .operator] {
            await #expect(throws: RepositoryError.forbidden(Permission.writeEvents.requirement)) {
                try await world.repository.accept(
                    .testStarted(.sample()), idempotencyKey: nil, as: principal)
            }
        }
    }
}

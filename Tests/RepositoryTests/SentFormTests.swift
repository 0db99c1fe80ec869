import Notifications
import Repository
import TestSupport
import Testing

/// A form that creates something is carried out once, however often it is sent.
@Suite(.everyEngine) struct SentFormTests {
    @Test func oneOfManyAtOnceCreatesTheChannel() async throws {
        let world = try await TestWorld()
        let form = RandomToken()
        let ids = try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { try await create(by: form, in: world) }
            }
            return try await group.reduce(into: [(id: String, isNew: Bool)]()) { $0.append($1) }
        }
        #expect(Set(ids.map(\.id)).count == 1)
        #expect(ids.filter(\.isNew).count == 1)
        let channels = try await world.repository.channels(
            of: world.organization, page: PageRequest(), as: world.owner)
        #expect(channels.items.map(\.id.text) == ids.prefix(1).map(\.id))
    }

    private func create(by form: RandomToken, in world: TestWorld) async throws -> (id: String, isNew: Bool) {
        do {
            let channel = try await world.repository.createChannel(
                in: world.organization, by: form, as: world.owner
            ) { ChannelDraft.webHook() }
            return (channel.id.text, true)
        } catch RepositoryError.alreadyCreated(let id) {
            return (id, false)
        }
    }

    @Test func aFormThatIsRefusedMayBeSentAgain() async throws {
        let world = try await TestWorld()
        let form = RandomToken()
        let make = { (expiresAt: Timestamp?) async throws(RepositoryError) in
            try await world.repository.makeKey(
                name: "CI", holder: .service([.writeEvents]), expiresAt: expiresAt, in: world.organization, by: form,
                as: world.owner
            ).description.id
        }
        await #expect(throws: RepositoryError.self) { try await make(world.clock.now - .seconds(1)) }
        let id = try await make(nil)
        try await world.repository.removeKey(id, of: world.organization, as: world.owner)
        await #expect(throws: RepositoryError.alreadyCreated(id.text)) { try await make(nil) }
    }
}

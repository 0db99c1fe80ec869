import Foundation
import Notifications
import Repository
import TestSupport
import Testing

@Suite(.everyEngine) struct ChannelTests {
    @Test func aSavedChannelComesBackWithItsSettings() async throws {
        let world = try await TestWorld()
        let saved = try await world.channel()
        let read = try await world.repository.channel(saved.id, of: world.organization, as: world.owner)
        #expect(read.settings == saved.settings)
        #expect(read.settings.text("url") == "https://hooks.example.com/secret-canary")
        #expect(read.settings.text("signing_secret")?.hasPrefix("whsec_") == true)
        #expect(read.version == 1)
    }

    @Test func auditEntriesHoldNoSecret() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        _ = try await world.repository.rotateSecret(
            of: channel.id, in: world.organization, overlap: .seconds(3600), as: world.owner)
        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        let text = try await world.auditEntries().map(\.detail).joined()
        #expect(!text.contains("secret-canary"))
        #expect(!text.contains("whsec_"))
    }

    /// Masked, they may look the same before and after.
    @Test func auditEntriesNameTheSecretsThatChanged() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        for (url, changed) in [
            (ChannelDraft.webHookURL, #""secrets_changed":[]"#),
            (ChannelDraft.webHookURL + "0", #""secrets_changed":["url"]"#),
        ] {
            _ = try await world.repository.replaceChannel(
                channel.id, of: world.organization, version: nil, as: world.owner
            ) { saved throws(InvalidInput) in
                var draft = ChannelDraft.webHook("Renamed", url: url)
                draft.settings["signing_secret"] = saved.settings["signing_secret"]
                return draft
            }
            let entry = try #require(try await world.auditEntries().last)
            #expect(entry.detail.contains(changed), "\(entry.detail)")
        }
    }

    @Test func aStaleVersionChangesNothing() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel("First")
        let replaced = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: 1, as: world.owner
        ) { _ in ChannelDraft.webHook("Second") }
        #expect(replaced.version == 2)
        await #expect(throws: RepositoryError.staleVersion(current: 2)) {
            try await world.repository.replaceChannel(
                channel.id, of: world.organization, version: 1, as: world.owner
            ) { _ in ChannelDraft.webHook("Third") }
        }
        let read = try await world.repository.channel(channel.id, of: world.organization, as: world.owner)
        #expect(read.name == "Second")
    }

    /// Whoever removes the channel deletes them in one transaction.
    @Test func onlyTheNewestRevisionsAreKept() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute("UPDATE channels SET version = 499", [])
        }
        for name in ["Next", "Newest"] {
            _ = try await world.repository.replaceChannel(
                channel.id, of: world.organization, version: nil, as: world.owner
            ) { _ in ChannelDraft.webHook(name) }
            let page = try await world.repository.revisions(
                of: channel.id, in: world.organization, page: PageRequest(), as: world.owner)
            #expect(page.items.map(\.channel.version) == (name == "Next" ? [500, 1] : [501, 500]))
        }
    }

    @Test func revisionsCanBeRestored() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel("First")
        let replaced = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ in
            ChannelDraft.webHook("Second", url: "https://other.example.com/")
        }
        let restored = try await world.repository.restore(
            revision: 1, of: channel.id, in: world.organization, as: world.owner)
        #expect(restored.name == "First" && restored.version == 3)
        #expect(restored.settings.text("url") == channel.settings.text("url"))
        #expect(restored.settings.text("signing_secret") == replaced.settings.text("signing_secret"))
        let page = try await world.repository.revisions(
            of: channel.id, in: world.organization, page: PageRequest(limit: 2), as: world.owner)
        #expect(page.items.map(\.channel.version) == [3, 2])
        #expect(page.next != nil)
    }

    @Test func aRotatedSecretKeepsTheOldOneForAWhile() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let rotated = try await world.repository.rotateSecret(
            of: channel.id, in: world.organization, overlap: .seconds(3600), as: world.owner)
        let settings = rotated.channel.settings
        #expect(settings.text("signing_secret") == rotated.secret.reveal())
        #expect(settings.text("previous_signing_secret") == channel.settings.text("signing_secret"))
        #expect(rotated.previousUntil == world.clock.now + .seconds(3600))
    }

    @Test func aSecretThatWasRotatedAwayDoesNotComeBackWithARevision() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let rotated = try await world.repository.rotateSecret(
            of: channel.id, in: world.organization, overlap: .seconds(3600), as: world.owner)
        let restored = try await world.repository.restore(
            revision: 1, of: channel.id, in: world.organization, as: world.owner)
        #expect(restored.settings == rotated.channel.settings)
    }

    @Test func aRemovedChannelIsGoneAndItsDeliveriesAreCancelled() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let accepted = try await world.repository.accept(
            .testStarted(.sample()), idempotencyKey: nil, as: world.service())
        try await world.repository.removeChannel(channel.id, of: world.organization, version: nil, as: world.owner)
        await #expect(throws: RepositoryError.notFound("channel")) {
            try await world.repository.channel(channel.id, of: world.organization, as: world.owner)
        }
        let event = try await world.repository.event(accepted.eventID, of: world.organization, as: world.owner)
        #expect(event.outcomes.map(\.state) == [.cancelled])
    }

    @Test func whatWaitsIsSettledWhenTheChannelIsDisabled() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel(isEnabled: false)
        _ = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ in ChannelDraft.webHook() }
        let accepted = try await world.repository.accept(
            .testStarted(.sample()), idempotencyKey: nil, as: world.service())
        _ = try await world.repository.restore(revision: 1, of: channel.id, in: world.organization, as: world.owner)
        let event = try await world.repository.event(accepted.eventID, of: world.organization, as: world.owner)
        #expect(event.outcomes.map(\.state) == [.skipped])
        #expect(event.outcomes.map(\.reason) == ["channel_disabled"])
    }

    @Test func aReplacedChannelKeepsItsSecretsRotation() async throws {
        let world = try await TestWorld()
        let channel = try await world.channel()
        let rotated = try await world.repository.rotateSecret(
            of: channel.id, in: world.organization, overlap: .seconds(3600), as: world.owner)
        let replaced = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { saved throws(InvalidInput) in
            var draft = ChannelDraft.webHook("Renamed")
            draft.settings["signing_secret"] = saved.settings["signing_secret"]
            return draft
        }
        #expect(replaced.settings == rotated.channel.settings)
        let fresh = try await world.repository.replaceChannel(
            channel.id, of: world.organization, version: nil, as: world.owner
        ) { _ in ChannelDraft.webHook("Fresh") }
        #expect(fresh.settings["previous_signing_secret"] == nil)
    }

    /// Sealed data opens only in its own row, so nobody can move a secret into a channel that shows it.
    @Test func settingsMovedToAnotherRowDoNotOpen() async throws {
        let world = try await TestWorld()
        let (one, two) = (try await world.channel("One"), try await world.channel("Two"))
        try await world.database.write { connection throws(RepositoryError) in
            try connection.execute(
                """
                UPDATE channels SET settings = (SELECT settings FROM channels WHERE channel_id = $1)
                WHERE channel_id = $2
                """, [SQLValue(one.id), SQLValue(two.id)])
        }
        let read = try await world.repository.channel(two.id, of: world.organization, as: world.owner)
        #expect(!read.isReadable && read.settings == ChannelSettings())
        await #expect(throws: RepositoryError.self) {
            try await world.repository.subjectOfTest(two.id, of: world.organization, as: world.owner)
        }
    }

    @Test func theCursorOfAnotherListIsRefused() async throws {
        let world = try await TestWorld()
        let (repository, organization, owner) = (world.repository, world.organization, world.owner)
        let id = Cursor(position: ChannelID(at: world.clock.now).text)
        let number = Cursor(position: "7")
        let refusal = RepositoryError.invalid(.cursorOfAnotherList)
        await #expect(throws: refusal) {
            try await repository.channels(of: organization, page: PageRequest(cursor: number), as: owner)
        }
        await #expect(throws: refusal) {
            try await repository.deliveries(
                of: organization, filter: DeliveryFilter(), page: PageRequest(cursor: number), as: owner)
        }
        await #expect(throws: refusal) {
            try await repository.events(
                of: organization, filter: EventFilter(), page: PageRequest(cursor: id), as: owner)
        }
        await #expect(throws: refusal) {
            try await repository.auditLog(
                of: organization, filter: AuditFilter(), page: PageRequest(cursor: id), as: owner)
        }
    }
}

import Foundation
import Notifications
import Repository
import SQLiteDatabase
import TestDatabases
import Testing

@Suite struct SealedFileTests {
    @Test func settingsAreSealedInTheFile() async throws {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(path: folder.file("test.sqlite"))
        try await database.migrate()
        let (start, organization) = (Timestamp(seconds: 1_795_000_000), OrganizationID(1))
        let repository = Stores(database: database, kinds: .standard(), masterKey: MasterKey(), now: { start })
            .repository
        _ = try await repository.saveOrganization(
            organization, name: "One", owner: UserID(1), runLinkTemplate: nil, as: .operator)
        let made = try await repository.makeKey(
            name: "k", holder: .user(UserID(1)), expiresAt: nil, in: organization, as: .operator)
        let owner = Principal.user(UserID(1), of: organization, key: made.description.id)
        let channel = try await repository.createChannel(in: organization, as: owner) { () throws(InvalidInput) in
            var settings = ChannelSettings()
            settings["url"] = .string("https://hooks.example.com/secret-canary")
            return ChannelDraft(
                kind: "webhook", name: "Hook", settings: settings, subscription: .everything, isEnabled: true)
        }
        let secret = try #require(channel.settings.text("signing_secret"))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(files.count == 3)
        for name in files {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
            #expect(bytes.range(of: Data("secret-canary".utf8)) == nil)
            #expect(bytes.range(of: Data(secret.utf8)) == nil)
        }
    }
}

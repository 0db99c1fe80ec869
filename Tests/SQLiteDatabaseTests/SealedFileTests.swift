import Foundation
import Notifications
import Repository
import SQLiteDatabase
import TestSupport
import Testing

@Suite struct SealedFileTests {
    @Test func settingsAreSealedInTheFile() async throws {
        let folder = try TemporaryFolder()
        let database = try SQLiteDatabase(path: folder.file("test.sqlite"))
        try await database.migrate()
        let stores = Stores(database: database, kinds: .standard(), masterKey: MasterKey(), now: TestClock.wall)
        let channel = try await Tenant(in: stores.repository).channel(url: "https://hooks.example.com/secret-canary")
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

import Foundation
import Notifications
import TestSupport
import Testing

@testable import runbell

@Suite("The data folder")
struct DataFolderTests {
    private let folder: DataFolder
    private let temporary: TemporaryFolder

    init() throws {
        temporary = try TemporaryFolder()
        folder = DataFolder(path: temporary.file("data"))
        try folder.make()
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("Folder and keys are readable by their owner only, and created once")
    func keys() throws {
        let first = try ServiceKeys(folder, isDatabaseThere: false)
        let second = try ServiceKeys(folder, isDatabaseThere: true)
        #expect(first.master == second.master)
        #expect(first.operatorKey.reveal() == second.operatorKey.reveal())
        #expect(try mode(folder.path) == 0o700)
        #expect(try mode(folder.masterKey) == 0o600)
        #expect(try mode(folder.operatorKey) == 0o600)
        let text = try String(contentsOfFile: folder.operatorKey, encoding: .utf8)
        #expect(text == first.operatorKey.reveal() + "\n")
    }

    @Test("A key that others may read is refused")
    func openKey() throws {
        _ = try ServiceKeys(folder, isDatabaseThere: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.masterKey)
        #expect(throws: CommandFailure.self) { try ServiceKeys(folder, isDatabaseThere: true) }
    }

    @Test("A database without its master key is refused")
    func lostMasterKey() {
        #expect(throws: CommandFailure.self) { try ServiceKeys(folder, isDatabaseThere: true) }
        #expect(!FileManager.default.fileExists(atPath: folder.masterKey))
    }

    @Test("A second lock is refused, and names the holder and the folder")
    func lock() throws {
        let first = try LockFile(folder)
        let failure = try #require(throws: CommandFailure.self) { try LockFile(folder) }
        #expect(failure.text.contains(folder.path) && failure.text.contains("\(getpid())"))
        withExtendedLifetime(first) {}
    }

    @Test("A demo finds its receiver, secret and channels again")
    func demo() throws {
        var state = DemoState(receiverPort: 9100, secret: SigningSecret().reveal())
        state.channels = ["slack": "a", "webhook": "b"]
        try state.save(in: folder)
        #expect(try DemoState(reading: folder) == state)
        #expect(try mode(folder.demoState) == 0o600)
    }
}

import Foundation
import Notifications
import Repository
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

    private func write(_ name: String, _ text: String, mode: Int = 0o600) throws -> String {
        let path = temporary.file(name)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    private func keys(
        _ settings: [String: String], credentials: String? = nil, isDatabaseThere: Bool = true
    ) throws -> ServiceKeys {
        let environment = credentials.map { ["CREDENTIALS_DIRECTORY": $0] } ?? [:]
        let sources = try KeySources(Settings(environment: settings), environment: environment)
        return try ServiceKeys(folder, sources, isDatabaseThere: isDatabaseThere)
    }

    @Test("Keys come from a file, a credential or a command, in this order, and the folder needs none")
    func keysFromElsewhere() throws {
        let texts = (1...3).map { Data(repeating: $0, count: 32).base64EncodedString() }
        let operatorKey = APIKey()
        let file = try write("master", texts[0] + "\n", mode: 0o640)
        let own = try write("operator", operatorKey.reveal())
        _ = try write("runbell.master-key", texts[1], mode: 0o444)
        _ = try write("runbell.operator-key", APIKey().reveal(), mode: 0o444)
        let credentials = URL(fileURLWithPath: file).deletingLastPathComponent().path
        let of = ["RUNBELL_OPERATOR_KEY_FILE": own]
        let sets: [([String: String], String?, String)] = [
            (["RUNBELL_MASTER_KEY_FILE": file], credentials, texts[0]),
            (["RUNBELL_MASTER_KEY_COMMAND": "echo \(texts[2])"], credentials, texts[2]),
            ([:], credentials, texts[1]),
        ]
        for (settings, credentials, expected) in sets {
            let keys = try keys(settings.merging(of) { $1 }, credentials: credentials)
            #expect(keys.master == Secret(expected))
            #expect(keys.operatorKey.reveal() == operatorKey.reveal())
        }
        #expect(!FileManager.default.fileExists(atPath: folder.masterKey))
        #expect(!FileManager.default.fileExists(atPath: folder.operatorKey))
    }

    @Test(
        "A key that is configured and cannot be had is refused, and never made up",
        arguments: [
            ["RUNBELL_MASTER_KEY_FILE": "/nowhere"], ["RUNBELL_MASTER_KEY_COMMAND": "exit 3"],
            ["RUNBELL_MASTER_KEY_COMMAND": "echo short"], ["RUNBELL_OPERATOR_KEY_FILE": "/nowhere"],
            ["RUNBELL_MASTER_KEY_FILE": "/a", "RUNBELL_MASTER_KEY_COMMAND": "echo"],
        ])
    func unusableKeys(_ settings: [String: String]) throws {
        let failure = try #require(throws: CommandFailure.self) { try keys(settings, isDatabaseThere: false) }
        #expect(failure.text.contains("/nowhere") || failure.text.contains("RUNBELL_MASTER_KEY_COMMAND"))
    }

    @Test("A command for the key that takes too long ends, with what it has started")
    func slowCommand() throws {
        let begin = ContinuousClock.now
        let command = KeyCommand(text: "sleep 20; echo late", patience: 0.2)
        let failure = try #require(throws: CommandFailure.self) { try command.output() }
        #expect(failure.text.contains("did not end within"))
        #expect(ContinuousClock.now - begin < .seconds(10))
    }

    @Test("A configured key that everybody may read is refused")
    func openKeyFile() throws {
        let file = try write("open", Data(repeating: 1, count: 32).base64EncodedString(), mode: 0o644)
        #expect(throws: CommandFailure.self) { try keys(["RUNBELL_MASTER_KEY_FILE": file]) }
    }

    @Test("A node keeps its name, or has the one that is configured")
    func nodeName() throws {
        func name(_ environment: [String: String]) throws -> String {
            let given = environment.merging(["RUNBELL_DATA": folder.path]) { $1 }
            return try NodeName.node(of: ServicePlan(Settings(environment: given))).id
        }
        let shared = ["RUNBELL_DATABASE": "postgres://db.example.com/runbell"]
        let made = try name(shared)
        #expect(made.hasPrefix("node-") && NodeName.error(in: made) == nil)
        #expect(try name(shared) == made)
        #expect(try name(shared.merging(["RUNBELL_NODE": "pod-1"]) { $1 }) == "pod-1")
        #expect(try name([:]) == "service")
        for wrong in ["", "service", "two words", "-x", String(repeating: "x", count: 64)] {
            #expect(NodeName.error(in: wrong) != nil)
        }
    }

    @Test("A second lock is refused, and names the holder and the folder")
    func lock() throws {
        let first = try LockFile(folder)
        let failure = try #require(throws: CommandFailure.self) { try LockFile(folder) }
        #expect(failure.text.contains(folder.path) && failure.text.contains("\(getpid())"))
        withExtendedLifetime(first) {}
    }

    @Test("A file belongs to one process, whatever data folders others have")
    func lockOfFile() throws {
        let elsewhere = DatabaseAddress.sqlite(file: temporary.file("shared.db"))
        let held = try LockFile.ofFile(elsewhere, besides: folder)
        let failure = try #require(throws: CommandFailure.self) { try LockFile.ofFile(elsewhere, besides: folder) }
        #expect(failure.text.contains("shared.db"))
        // The usual file is under the lock of its folder.
        let own = try LockFile(folder)
        let usual = DatabaseAddress.sqlite(file: folder.path + "/runbell.db")
        #expect(try LockFile.ofFile(usual, besides: folder).map { _ in true } == nil)
        let other = DataFolder(path: temporary.file("other"))
        try other.make()
        #expect(throws: CommandFailure.self) { try LockFile.ofFile(usual, besides: other) }
        withExtendedLifetime((held, own)) {}
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

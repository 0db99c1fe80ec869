import ArgumentParser
import Foundation
import Notifications

extension Audit {
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify offline that an export is complete and unchanged.",
            discussion: """
                Examples:
                  runbell audit verify audit.ndjson --public-key 3q2+7w…
                  runbell audit verify older.ndjson newer.ndjson       the newer one must continue the older one
                  runbell audit verify audit.ndjson --master-key master.key

                Finds every changed byte, missing line or swapped pair; exit code 1 means that something was found. \
                Without --public-key, the file is checked against the key that it names itself: that finds accidents but \
                not a forger who rewrote the whole file. With --master-key, the MACs are checked too, which nobody can \
                forge without that key. Files of checkpoints are verified in the same way.
                """)

        @Argument(help: "The file (- for standard input), or an older export and the newer one that must continue it.")
        var files: [String]
        @Option(help: "The service's public key in Base64, as shown by audit head.") var publicKey: String?
        @Option(help: "The file that holds the service's master key.") var masterKey: String?

        func validate() throws {
            guard files.count <= 2 else { throw ValidationError("Give one file, or an older and a newer one.") }
        }

        func run() throws {
            let key = try masterKey.map(Self.key)
            let pinned = publicKey ?? key?.auditPublicKey
            let contents = try files.map(Self.bytes)
            if contents.allSatisfy(CheckpointFile.isOne) { return try checkpoints(contents, pinned) }
            var previous: AuditVerification?
            for (file, bytes) in zip(files, contents) {
                let end = previous?.checkpoint.map { AuditHead(sequence: $0.sequence, hash: $0.hash) }
                let verification = AuditExport.verify(
                    bytes, publicKey: pinned ?? previous?.checkpoint?.publicKey, masterKey: key, continuing: end)
                try Self.report(verification, of: file, withKey: key != nil)
                previous = verification
            }
            if files.count == 2 { Console.say("\(files[1]) continues \(files[0]).") }
        }

        private func checkpoints(_ contents: [[UInt8]], _ pinned: String?) throws {
            var older: CheckpointFile?
            for (file, bytes) in zip(files, contents) {
                let found = CheckpointFile(bytes, publicKey: pinned ?? older?.checkpoints.last?.publicKey)
                let findings = found.findings + (older.map { found.findings(continuing: $0) } ?? [])
                try Self.check(findings, of: file)
                Console.say("\(file): \(found.checkpoints.count) checkpoints, complete and unchanged.")
                older = found
            }
            if files.count == 2 { Console.say("\(files[1]) continues \(files[0]).") }
        }

        private static func bytes(_ file: String) throws(CommandFailure) -> [UInt8] {
            let data =
                file == "-"
                ? try? FileHandle.standardInput.readToEnd() : FileManager.default.contents(atPath: file)
            guard let data else { throw CommandFailure(.refused, "\(file) cannot be read") }
            return Array(data)
        }

        private static func key(_ path: String) throws(CommandFailure) -> MasterKey {
            guard let key = try PrivateFile.read(path).flatMap(MasterKey.init(base64:)) else {
                throw CommandFailure(.refused, "\(path) does not hold a master key")
            }
            return key
        }
    }
}

extension Audit.Verify {
    /// Prints the findings, and throws exit code 1 if there are any.
    static func check(_ findings: [String], of file: String) throws {
        guard !findings.isEmpty else { return }
        for finding in findings { Console.say(finding.printable) }
        Console.complain("\(file) was changed or is incomplete: \(findings.count) findings")
        throw ExitCode(CommandExit.failed.rawValue)
    }

    static func report(_ verification: AuditVerification, of file: String, withKey: Bool) throws {
        try check(verification.findings, of: file)
        let head = verification.checkpoint.map { ", signed at \($0.at) with the key \($0.publicKey)" } ?? ""
        Console.say("\(file): \(verification.entries) entries, complete and unchanged\(head).")
        guard withKey else { return }
        let before = verification.entries - verification.withMAC
        Console.say(
            "\(verification.withMAC) of them have a MAC, and all are valid"
                + (before > 0 ? "; \(before) date from before there were MACs." : "."))
    }
}

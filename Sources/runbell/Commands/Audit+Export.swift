import ArgumentParser
import Foundation
import Notifications

extension Audit {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Export the whole audit log as NDJSON, with its signed end, and verify it.",
            discussion: "Example: runbell audit export --organization 1 --output audit.ndjson")

        @Option(name: .shortAndLong, help: "The file to write (default: standard output).") var output: String?
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let head = try await api.get(path + "/audit-log/head").json
            let answer = try await withProgress("Exporting \(head["sequence"]?.cell ?? "the") entries") {
                () throws(CommandFailure) in
                try await api.get(path + "/audit-log/export", deadline: .seconds(900))
            }
            let verification = AuditExport.verify(answer.bytes, publicKey: head["public_key"]?.string)
            guard verification.findings.isEmpty else {
                throw CommandFailure(
                    .failed,
                    "the export is damaged and was not written:\n" + verification.findings.joined(separator: "\n"))
            }
            try write(answer.bytes)
            Console.note("\(verification.entries) entries, complete and unchanged.")
        }

        private func write(_ bytes: [UInt8]) throws(CommandFailure) {
            guard let output else { return Console.say(bytes: bytes) }
            do {
                try Data(bytes).write(to: URL(filePath: output), options: .atomic)
            } catch {
                throw CommandFailure(.failed, "\(output) cannot be written: \(error.localizedDescription)")
            }
        }
    }
}

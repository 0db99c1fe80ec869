import ArgumentParser
import Foundation
import Notifications

struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "See who did what, export it, and check an export.",
        discussion: """
            Examples:
              runbell audit list --organization 1
              runbell audit export --organization 1 --output audit.ndjson && runbell audit verify audit.ndjson
            """,
        subcommands: [List.self, Head.self, Export.self, Verify.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List audit entries, newest first.",
            discussion: "Example: runbell audit list --organization 1 --actor user:7 --action channel.updated")

        @Option(help: "Only by this actor: user:7, key:0190…, operator, system.") var actor: String?
        @Option(help: "Only this action: channel.created, refused, …") var action: String?
        @Option(help: "Only on this target: channel:0190…, member:7, …") var target: String?
        @OptionGroup var period: PeriodOptions
        @OptionGroup var organization: OrganizationOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let filters = [Query("actor", actor), Query("action", action), Query("target", target)] + period.query
            let answer = try await api.get(path + "/audit-log", query: filters + page.query)
            organization.client.present(list: answer, Table("NUMBER", "WHEN", "WHO", "DID", "TO", "DETAIL")) {
                entry, table in
                table.add(
                    entry["sequence"]?.cell, entry["at"]?.moment, entry["actor"]?.cell, entry["action"]?.cell,
                    entry["target"]?.cell, entry["detail"]?.cell)
            }
        }
    }

    struct Head: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the signed end of the log; note it down elsewhere to be sure of the log later.",
            discussion: "Example: runbell audit head --organization 1")

        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer = try await api.get(path + "/audit-log/head")
            organization.client.present(answer) { head in
                var listing = Listing()
                for member in head.object?.members ?? [] { listing.add(member.key, member.value.cell) }
                return listing.text
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check that an export is complete and unchanged; needs no service.",
            discussion: """
                Example:
                  runbell audit verify audit.ndjson --public-key 3q2+7w…

                Every changed byte, missing line or swapped pair is found; exit code 1 says that something was. \
                Without --public-key the file is checked against the key that it names itself: that finds accidents, not a \
                forger who wrote the whole file anew.
                """)

        @Argument(help: "The file; - is standard input.") var file: String
        @Option(help: "The service's public key in Base64, as audit head shows it.") var publicKey: String?

        func run() throws {
            let data =
                file == "-" ? try FileHandle.standardInput.readToEnd() : FileManager.default.contents(atPath: file)
            guard let data else { throw CommandFailure(.refused, "\(file) cannot be read") }
            try Audit.report(AuditExport.verify(Array(data), publicKey: publicKey), of: file)
        }
    }

    /// Says what was found; throws exit code 1 when it was anything.
    static func report(_ verification: AuditVerification, of file: String) throws {
        guard verification.findings.isEmpty else {
            for finding in verification.findings { Console.say(finding.printable) }
            Console.complain("\(file) is not as it was written: \(verification.findings.count) findings")
            throw ExitCode(CommandExit.failed.rawValue)
        }
        let head = verification.checkpoint.map { ", signed at \($0.at) with the key \($0.publicKey)" } ?? ""
        Console.say("\(file): \(verification.entries) entries, complete and unchanged\(head).")
    }
}

import ArgumentParser
import Foundation
import Notifications

struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, export and verify the audit log.",
        discussion: """
            Examples:
              runbell audit list --organization 1
              runbell audit export --organization 1 --output audit.ndjson && runbell audit verify audit.ndjson
            """,
        subcommands: [List.self, Head.self, Export.self, Checkpoints.self, Verify.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List audit entries, newest first.",
            discussion: "Example: runbell audit list --organization 1 --actor user:7 --action channel.updated")

        @Option(help: "By this actor: user:7, key:0190…, operator, system.") var actor: String?
        @Option(help: "This action: channel.created, refused, …") var action: String?
        @Option(help: "On this target: channel:0190…, member:7, …") var target: String?
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
            abstract: "Show the signed end of the log; store it elsewhere to verify the log later.",
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
}

import ArgumentParser
import Notifications

extension Channels {
    struct Kinds: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the kinds of channels and the settings of each.",
            discussion: "Example: runbell channels kinds")

        @OptionGroup var client: ClientOptions

        func run() async throws {
            let answer = try await client.client().get("/v1/channel-kinds")
            client.present(answer) { kinds in
                ChannelKindList(kinds).kinds.map { kind in
                    var table = Table("  FIELD", "TYPE", "REQUIRED", "DESCRIPTION")
                    for field in kind["fields"]?.array ?? [] {
                        table.add(
                            "  " + (field["key"]?.cell ?? ""), field["type"]?.cell, field["required"]?.cell,
                            [field["help"]?.cell, Self.choices(of: field)].compactMap { $0 }.joined(separator: " "))
                    }
                    let id = kind["id"]?.cell ?? ""
                    return "\(id): \((kind["summary"]?.cell ?? kind["name"]?.cell ?? "").printable)\n\(table.text)"
                }.joined(separator: "\n\n")
            }
        }

        /// `One of standard, slack.`
        private static func choices(of field: JSONValue) -> String? {
            field["choices"]?.cell.map { "One of \($0)." }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List an organization's channels.", discussion: "Example: runbell channels list --organization 1")

        @OptionGroup var organization: OrganizationOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let answer = try await api.get(path + "/channels", query: page.query)
            organization.client.present(
                list: answer, Table("ID", "KIND", "NAME", "STATE", "WANTS", "ADDRESS", "REASON")
            ) { channel, table in
                table.add(
                    channel["id"]?.cell, channel["kind"]?.cell, channel["name"]?.cell, Channels.state(channel),
                    Channels.wants(channel["subscription"] ?? .null), channel["settings"]?["url"]?.cell,
                    Channels.reason(channel))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a channel, with secrets masked.", discussion: "Example: runbell channels show 0190f1c4-…")

        @OptionGroup var channel: ChannelArgument
        @OptionGroup var organization: OrganizationOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let channel = try await channel.id(api, path)
            let answer = try await api.get("\(path)/channels/\(Query.escape(channel))")
            organization.client.present(answer, as: Channels.text)
        }
    }

    struct Revisions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List a channel's revisions.",
            discussion: "Example: runbell channels revisions 0190f1c4-…")

        @OptionGroup var channel: ChannelArgument
        @OptionGroup var organization: OrganizationOptions
        @OptionGroup var page: PageOptions

        func run() async throws {
            let (api, path) = try organization.open()
            let channel = try await channel.id(api, path)
            let answer = try await api.get("\(path)/channels/\(Query.escape(channel))/revisions", query: page.query)
            let headings = Table("REVISION", "WHEN", "BY", "NAME", "STATE", "WANTS", "ADDRESS", "REASON")
            organization.client.present(list: answer, headings) { revision, table in
                let channel = revision["channel"] ?? .null
                table.add(
                    revision["version"]?.cell,
                    revision["at"]?.moment,
                    revision["actor"]?.cell, channel["name"]?.cell, Channels.state(channel),
                    Channels.wants(channel["subscription"] ?? .null), channel["settings"]?["url"]?.cell,
                    Channels.reason(channel))
            }
        }
    }
}

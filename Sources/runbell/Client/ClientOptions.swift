import ArgumentParser
import Foundation
import Notifications

/// Options of every command that talks to a service.
struct ClientOptions: ParsableArguments {
    @Option(help: "Where the service is (RUNBELL_URL; default http://127.0.0.1:8080).")
    var serviceUrl: String?

    @Option(help: "The API key; better set in RUNBELL_KEY.")
    var key: String?

    @Flag(help: "Print the service's response as is, for programs.")
    var json = false

    @OptionGroup
    var configuration: ConfigurationOptions

    /// Only what was given on the command line, by setting key.
    var flags: [String: String] {
        var flags: [String: String] = [:]
        flags[Setting.url.key] = serviceUrl
        flags[Setting.key.key] = key
        return flags
    }

    func settings(_ more: [String: String] = [:]) throws(CommandFailure) -> Settings {
        try Settings(flags: flags.merging(more) { $1 }, file: configuration.config)
    }

    func client() throws(CommandFailure) -> APIClient {
        try ClientOptions.client(settings())
    }

    static func client(_ settings: Settings) throws(CommandFailure) -> APIClient {
        guard let key = settings.text(.key) else { throw missingKey(settings) }
        return APIClient(
            url: settings.text(.url) ?? "", key: Secret(key), transport: ServiceTransport.shared)
    }

    /// Says which command would help; never the key itself.
    private static func missingKey(_ settings: Settings) -> CommandFailure {
        let folder = DataFolder(path: settings.text(.data) ?? ".")
        var text = "no key given; set RUNBELL_KEY"
        if FileManager.default.isReadableFile(atPath: folder.operatorKey) {
            text += """
                .
                The operator's key of this data folder is for organizations, members and keys:
                  export RUNBELL_KEY="$(cat \(folder.operatorKey))"
                With it, create a key of your own for everything else:
                  runbell keys create --organization 1 --user 1 --name "My key"
                """
        }
        return CommandFailure(.refused, text)
    }
}

/// Options of commands about one organization.
struct OrganizationOptions: ParsableArguments {
    @Option(help: "The organization's ID (RUNBELL_ORGANIZATION).")
    var organization: Int64?

    @OptionGroup
    var client: ClientOptions

    /// Whether an option, RUNBELL_ORGANIZATION or the configuration file names an organization.
    func isNamed() throws(CommandFailure) -> Bool {
        if organization != nil { return true }
        return try client.settings().number(.organization) != nil
    }

    /// The client, and the base path of the organization.
    func open(_ named: Int64? = nil) throws(CommandFailure) -> (api: APIClient, path: String) {
        let settings = try client.settings(
            (named ?? organization).map { [Setting.organization.key: String($0)] } ?? [:])
        guard let number = settings.number(.organization) else {
            throw CommandFailure(.usage, "no organization given; pass --organization ID, or set RUNBELL_ORGANIZATION")
        }
        return (try ClientOptions.client(settings), "/v1/organizations/\(number)")
    }
}

/// Options of commands that show a list.
struct PageOptions: ParsableArguments {
    @Option(help: "Maximum number of items, 1 to 250.")
    var limit: Int?

    @Option(help: "Where to continue: next_cursor of the page before.")
    var cursor: String?

    var query: [Query] { [Query("limit", limit.map(String.init)), Query("cursor", cursor)] }
}

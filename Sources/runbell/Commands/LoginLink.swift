import ArgumentParser
import Notifications

struct LoginLink: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login-link",
        abstract: "Create a one-time link that signs a member in to the pages.",
        discussion: """
            Example:
              RUNBELL_KEY="$(cat .runbell/operator.key)" runbell login-link --organization 1 --user 1

            Needs the operator's key. The link works once, within 15 minutes. Opening it does not use it up; the button \
            on its page does. Share it privately.
            """)

    @Option(help: "The user to sign in.") var user: Int64
    @OptionGroup var organization: OrganizationOptions

    func run() async throws {
        let (api, path) = try organization.open()
        let answer = try await api.send(.post, path + "/login-links", body: ["user_id": .integer(user)])
        organization.client.present(answer) { Self.address($0, at: api.url) }
    }

    /// The address for browsers, as far as the service knows it.
    static func address(_ link: JSONValue, at url: String) -> String {
        link["url"]?.string ?? url + (link["path"]?.string ?? "")
    }
}

import ArgumentParser
import Notifications

struct LoginLink: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login-link",
        abstract: "Make a link that signs a member in to the pages, once.",
        discussion: """
            Example:
              RUNBELL_KEY="$(cat .runbell/operator.key)" runbell login-link --organization 1 --user 1

            It takes the operator's key. The link can be used once, within 15 minutes; opening it uses nothing up, the \
            button on its page does. Hand it over on a way that only its receiver sees.
            """)

    @Option(help: "Whom it signs in.") var user: Int64
    @OptionGroup var organization: OrganizationOptions

    func run() async throws {
        let (api, path) = try organization.open()
        let answer = try await api.send(.post, path + "/login-links", body: ["user_id": .integer(user)])
        organization.client.present(answer) { Self.address($0, at: api.url) }
    }

    /// Where browsers find the service, as far as it knows that itself.
    static func address(_ link: JSONValue, at url: String) -> String {
        link["url"]?.string ?? url + (link["path"]?.string ?? "")
    }
}

import ArgumentParser
import Notifications

struct Nodes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the processes that share the database (needs the operator's key).",
        discussion: """
            Example: RUNBELL_KEY="$(cat .runbell/operator.key)" runbell nodes

            The one in charge does the maintenance. One that is silent for 30 seconds counts as gone: the others send what \
            it was sending, and it disappears from the list.
            """)

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let answer = try await client.client().get("/v1/nodes")
        let table = Table("NODE", "HOST", "VERSION", "STARTED", "SEEN", "ALIVE", "IN CHARGE", "UNDER WAY")
        client.present(list: answer, table) { node, table in
            table.add(
                node["id"]?.cell, node["host"]?.cell, node["version"]?.cell, node["started_at"]?.moment,
                node["seen_at"]?.moment, node["is_alive"]?.cell, node["is_in_charge"]?.cell,
                node["deliveries_under_way"]?.cell)
        }
    }
}

import HTTPTypes
import Notifications

extension APIDescription {
    static let nodes = Section(
        tag: "Nodes", text: "The processes that share the database.",
        operations: [
            Operation(
                method: .get, path: "/v1/nodes", id: "listNodes", summary: "List the nodes",
                access: .holder(of: .operate), answers: [.ok(.object(["data": .list(of: .named("Node"))]))])
        ],
        schemas: [
            "Node": .object([
                "id": .text, "host": .text, "version": .text, "started_at": .time,
                "seen_at": Schema.time.described("Its last sign of life."), "is_alive": .flag,
                "is_in_charge": Schema.flag.described("Whether it does the maintenance."),
                "deliveries_under_way": .count,
            ])
        ])
}

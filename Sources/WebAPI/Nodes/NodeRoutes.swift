import Hummingbird
import Notifications
import Repository
import WebServing

struct NodeRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        routes.on(.get, "/v1/nodes", use: list)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(["data": .array(try await repository.nodes(as: context.principal).map(\.json))])
    }
}

extension KnownNode {
    fileprivate var json: JSONValue {
        [
            "id": .string(node.id),
            "host": .string(node.host),
            "version": .string(node.version),
            "started_at": JSONValue(startedAt),
            "seen_at": JSONValue(seenAt),
            "is_alive": .bool(isAlive),
            "is_in_charge": .bool(isInCharge),
            "deliveries_under_way": .integer(Int64(deliveries)),
        ]
    }
}

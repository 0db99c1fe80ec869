import HTTPTypes
import Notifications
import WebServing

/// The whole API as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html), for tools; docs/api.md is for people.
///
/// Whatever the code declares is taken from there: the fields of channel kinds, the words of enumerations, the
/// permissions. A test compares the operations with the route table.
struct APIDescription: Sendable {
    /// Operations that belong together, and the schemas that they refer to.
    struct Section: Sendable {
        let tag: String
        let text: String
        let operations: [Operation]
        var schemas: Schema.Members = [:]
    }

    /// The available channel kinds.
    let kinds: ChannelCatalogue
    /// The program's.
    var version = "development"

    var sections: [Section] {
        [
            Self.organizations, Self.members, Self.keys, Self.loginLinks, channelKinds, channels, Self.testing,
            revisions,
            Self.events, Self.deliveries, Self.ledger, Self.replays, Self.auditLog, Self.nodes, Self.health,
        ]
    }

    var operations: [Operation] { sections.flatMap(\.operations) }

    var json: JSONValue {
        [
            "openapi": "3.1.1",
            "info": [
                "title": "Runbell", "version": .string(version),
                "summary": "The notification service for load tests.",
                "description": .string(Self.introduction),
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": "/"]],
            "security": [["key": []]],
            "tags": .array(sections.map { ["name": .string($0.tag), "description": .string($0.text)] }),
            "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "key": [
                        "type": "http", "scheme": "bearer",
                        "description":
                            "A key of 64 characters that begins with rb_: the operator's, a user's or a service's.",
                    ],
                    "token": [
                        "type": "apiKey", "in": "query", "name": "auth_token",
                        "description": "A service's key where HipChat's clients put their token.",
                    ],
                ],
                "schemas": .object(schemas),
                "headers": Self.object(AnswerHeader.allCases.map { ($0.rawValue, $0.definition) }),
                "responses": Self.object(Refusal.allCases.map { ($0.rawValue, $0.definition) }),
            ],
        ]
    }

    private static let introduction = """
        Requests and responses are JSON in UTF-8. Unknown members and query parameters are rejected. \
        HEAD works wherever GET does; other methods that a path does not have return 405 with Allow, and methods that \
        the service does not know 501. \
        Secrets are masked, except once when they are created.
        """

    private var paths: JSONObject {
        var paths = JSONObject()
        for section in sections {
            for operation in section.operations {
                var methods = paths[operation.template]?.object ?? JSONObject()
                methods[operation.method.rawValue.lowercased()] = operation.json(tag: section.tag)
                paths[operation.template] = .object(methods)
            }
        }
        return paths
    }

    private var schemas: JSONObject {
        let all = sections.flatMap { Array($0.schemas) } + channelDrafts + [(key: "Problem", value: Refusal.schema)]
        return JSONObject(all.map { JSONObject.Member(key: $0.key, value: $0.value.value) })
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(JSONObject(members.map { .init(key: $0.0, value: $0.1) }))
    }
}

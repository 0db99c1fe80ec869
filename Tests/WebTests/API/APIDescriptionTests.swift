import HTTPTypes
import Notifications
import TestSupport
import Testing

@testable import Web
@testable import WebAPI
@testable import WebServing

/// Keeps the description and the routes consistent.
@Suite struct APIDescriptionTests {
    @Test func everyRouteIsDescribedAndNothingElse() async throws {
        let routes = try await ServiceUnderTest().web(metrics: MetricsRegistry()).routes().taken
        let registered = routes.flatMap { path, methods in methods.map { "\($0.rawValue) \(path)" } }
        let described = APIDescription(kinds: .standard()).operations.map { "\($0.method.rawValue) \($0.path)" }
        #expect(Set(registered).subtracting(described).sorted() == [], "These have no operation.")
        #expect(Set(described).subtracting(registered).sorted() == [], "These have no route.")
        #expect(described.count == Set(described).count)
        #expect(described.count > 30)
    }

    @Test func operationsHaveNamesOfTheirOwn() {
        let names = APIDescription(kinds: .standard()).operations.map(\.id)
        #expect(Set(names).count == names.count)
    }

    @Test func everyReferenceLeadsToSomethingAndEveryPartIsUsed() throws {
        let components = try #require(APIDescription(kinds: .standard()).json["components"]?.object)
        let parts = components.members.filter { $0.key != "securitySchemes" }.flatMap { kind in
            (kind.value.object?.keys ?? []).map { "#/components/\(kind.key)/\($0)" }
        }
        let references = Self.references(in: APIDescription(kinds: .standard()).json)
        #expect(references.subtracting(parts).sorted() == [], "These lead nowhere.")
        #expect(Set(parts).subtracting(references).sorted() == [], "These are not used.")
        #expect(Set(parts).count == parts.count)
    }

    /// Generators of clients call the type of an enumeration after its object and member: that of a channel's `kind` is
    /// `ChannelKind`. If a schema has that name, they leave both out, and whatever contains them.
    @Test func noEnumerationTakesTheNameOfASchema() throws {
        let schemas = try #require(APIDescription(kinds: .standard()).json["components"]?["schemas"]?.object)
        let names = Set(schemas.keys.map { $0.lowercased() })
        for schema in schemas.members {
            for member in schema.value["properties"]?.object?.members ?? [] where member.value["enum"] != nil {
                let name = schema.key + member.key.split(separator: "_").joined()
                #expect(!names.contains(name.lowercased()), "\(name)")
            }
        }
    }

    /// An object without a name of its own, as one of several, is called after its place, and so are its members.
    @Test func alternativesThatAreObjectsHaveNames() throws {
        let schemas = try #require(APIDescription(kinds: .standard()).json["components"]?["schemas"]?.object)
        for schema in schemas.members {
            for choice in schema.value["oneOf"]?.array ?? [] { #expect(choice["$ref"] != nil, "\(schema.key)") }
        }
    }

    @Test("Each content of an event that is returned matches exactly one schema")
    func everyContentIsDescribed() throws {
        let schemas = try #require(APIDescription(kinds: .standard()).json["components"]?["schemas"])
        let choices = try #require(schemas["AcceptedEvent"]?["properties"]?["content"]?["oneOf"]?.array)
        let message = try PostedMessage(
            hipChat: ["message": "Hello"], room: "7", organization: OrganizationID(1))
        let alerts: [EventContent] = try ["channel.disabled", "channel.unreachable"].map { type in
            try EventContent(
                stored: [
                    "event": .string(type), "organization_id": 1,
                    "channel_id": .string(ChannelID(at: Timestamp(seconds: 1)).text), "channel_name": "CI",
                    "service": "Slack", "code": "http.404", "text": "No.", "since": "2026-11-23T10:00:00Z",
                ])
        }
        let readable: [EventContent] = [
            .testStarted(.sample()), .testFinished(.sample()), .testNotificationChannel, .messagePosted(message),
        ]
        for content in readable + alerts + EventType.allCases.map({ .unreadable($0) }) {
            let keys = Set(content.json.object?.keys ?? [])
            let fitting = choices.filter { choice in
                let schema = schemas[choice["$ref"]?.string?.split(separator: "/").last.map(String.init) ?? ""]
                let known = Set(schema?["properties"]?.object?.keys ?? [])
                let required = Set(schema?["required"]?.array?.compactMap(\.string) ?? [])
                let types = schema?["properties"]?["event"]?["enum"]?.array ?? []
                return types.contains(.string(content.type.rawValue)) && required.isSubset(of: keys)
                    && keys.isSubset(of: known)
            }
            #expect(fitting.count == 1, "\(content)")
        }
    }

    @Test("Refusals stand where they can occur, and only there")
    func refusalsAreThoseThatOccur() throws {
        let statuses = try Self.statuses()
        for (operation, found) in statuses {
            #expect(found.isSuperset(of: ["400", "405", "414", "500"]), "\(operation)")
            // Reads work on a full disk.
            if operation.hasPrefix("GET") { #expect(!found.contains("507"), "\(operation)") }
            let isOfOrganization = operation.contains("/organizations/{organization}")
            if isOfOrganization { #expect(found.contains("404"), "\(operation)") }
        }
        for path in ["/v1/nodes", "/v1/ledger", "/v1/key", "/v1/organizations", "/v1/audit-log"] {
            #expect(statuses["GET \(path)"]?.contains("404") == false, "\(path)")
        }
        let channel = "/v1/organizations/{organization}/channels/{channel}"
        for conflicting in ["PUT \(channel)", "POST \(channel)/revisions/{revision}/restore", "POST \(channel)/test"] {
            #expect(statuses[conflicting]?.contains("409") == true, "\(conflicting)")
        }
        // An event names its organization in its body.
        #expect(statuses["POST /v1/events"]?.isSuperset(of: ["404", "507"]) == true)
    }

    /// The statuses of every operation, by its method and path.
    private static func statuses() throws -> [String: Set<String>] {
        let paths = try #require(APIDescription(kinds: .standard()).json["paths"]?.object)
        let operations = paths.members.flatMap { path in
            (path.value.object?.members ?? []).map { method in
                ("\(method.key.uppercased()) \(path.key)", Set(method.value["responses"]?.object?.keys ?? []))
            }
        }
        return Dictionary(uniqueKeysWithValues: operations)
    }

    @Test("A message may be JSON or a text, as the service takes it")
    func mediaTypesOfBodiesAreDescribed() throws {
        let paths = try #require(APIDescription(kinds: .standard()).json["paths"]?.object)
        for path in paths.members {
            for (method, operation) in (path.value.object?.members ?? []).map({ ($0.key, $0.value) }) {
                guard let content = operation["requestBody"]?["content"]?.object else { continue }
                let takesTexts = path.key.hasPrefix("/v2/")
                let types = takesTexts ? MediaType.ofMessages : ["application/json"]
                #expect(Set(content.keys) == Set(types), "\(method) \(path.key)")
            }
        }
    }

    @Test func isServedToAnybody() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(.get, "/openapi.json")
            #expect(reply.status == 200)
            #expect(reply.headers[.contentType] == "application/json")
            #expect(try reply.json == APIDescription(kinds: .standard()).json)
        }
    }

    @Test func everyKindHasADraftOfItsFields() throws {
        let schemas = try #require(APIDescription(kinds: .standard()).json["components"]?["schemas"])
        for kind in ChannelCatalogue.standard().kinds {
            for word in ["Draft", "Replacement"] {
                let name = "\(APIDescription.schemaName(of: kind.id))\(word)"
                #expect(name.allSatisfy { $0.isASCII && $0.isLetter } && name.first?.isUppercase == true, "\(name)")
                #expect(
                    schemas["Channel\(word)"]?["discriminator"]?["mapping"]?[kind.id]
                        == .string("#/components/schemas/\(name)"))
                let settings = schemas[name]?["properties"]?["settings"]
                #expect(settings?["properties"]?.object?.keys == kind.fields.map(\.key), "\(kind.id)")
                #expect(settings?["additionalProperties"] == false)
            }
        }
    }

    private static func references(in value: JSONValue) -> Set<String> {
        switch value {
        case .array(let items): items.reduce(into: []) { $0.formUnion(references(in: $1)) }
        case .object(let object):
            object.members.reduce(into: []) { found, member in
                found.formUnion(references(in: member.value))
                if member.key == "$ref", let place = member.value.string { found.insert(place) }
            }
        default: []
        }
    }
}

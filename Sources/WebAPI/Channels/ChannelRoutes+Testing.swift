import EventRouting
import Hummingbird
import Notifications
import Repository
import WebServing

extension ChannelRoutes {
    func addTesting(to routes: inout RouteTable) {
        routes.on(.post, Self.path + "/test", use: testDraft)
        routes.on(.post, Self.path + "/:channel/test", use: testSaved)
        routes.on(.get, Self.path + "/:channel/tests", query: true, use: tests)
        routes.on(.post, Self.path + "/preview", use: preview)
    }

    @Sendable private func testDraft(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        let draft = draft(try await request.json())
        return .json(try await tester.test(in: organization, as: context.principal, draft: draft).json)
    }

    @Sendable private func testSaved(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        try await request.expectNothing()
        return .json(try await tester.test(id, of: context.organization, as: context.principal).json)
    }

    /// What came of the newest tests.
    @Sendable private func tests(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ChannelID = try context.uniqueID("channel")
        let part = try QueryReader.page(request)
        let page = try await repository.tests(of: id, in: context.organization, page: part, as: context.principal)
        return .json(page.json(of: request, \.json))
    }

    /// Takes `{channel: draft or id, event}`.
    @Sendable private func preview(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        let principal = try context.principal
        var fields = FieldReader(try await request.json())
        let channel = fields.value("channel")
        if channel == nil { fields.reject("channel", "Must be a draft or a channel's ID.") as Void? }
        let content = fields.event(of: organization)
        try fields.finish()
        guard let channel, let content else { throw InvalidInput(fields.errors) }
        let shown =
            if let text = channel.string {
                try await tester.preview(content, for: try Self.id(text), of: organization, as: principal)
            } else {
                try await tester.preview(
                    content, in: organization, as: principal, draft: draft(channel, path: "channel"))
            }
        return .json(shown.wire.json)
    }

    private static func id(_ text: String) throws(InvalidInput) -> ChannelID {
        guard let id = ChannelID(text) else { throw InvalidInput("channel", "Must be a channel's ID.") }
        return id
    }
}

extension FieldReader {
    fileprivate mutating func event(of organization: OrganizationID) -> EventContent? {
        guard let value = value("event") else { return reject("event", "This field is required.") }
        do throws(InvalidInput) {
            let content = try EventContent(reading: value, path: name("event"), among: EventType.subscribable)
            guard content.organizationID.map({ $0 == organization }) ?? true else {
                return reject("event.organization_id", "Must be the organization in the path.")
            }
            return content
        } catch {
            add(error.errors)
            return nil
        }
    }
}

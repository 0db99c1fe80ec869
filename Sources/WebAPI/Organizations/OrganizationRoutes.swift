import Hummingbird
import Notifications
import Repository
import WebServing

struct OrganizationRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        let path = "/v1/organizations/:organization"
        routes.on(.get, "/v1/organizations", query: true, use: list)
        routes.on(.put, path, use: save)
        routes.on(.get, path, use: show)
        routes.on(.patch, path, use: change)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let part = try QueryReader.page(request)
        return .json(
            try await repository.organizations(page: part, as: context.principal).json(of: request, \.json))
    }

    @Sendable private func save(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.organization
        var fields = FieldReader(try await request.json())
        let name = fields.organizationName(.required)
        let owner = fields.integer("owner_user_id")
        let template = fields.runLinkTemplate()
        try fields.finish()
        guard let name, let owner else { throw InvalidInput(fields.errors) }
        let saved = try await repository.saveOrganization(
            id, name: name, owner: UserID(owner), runLinkTemplate: template, as: context.principal)
        return .saved(saved.organization.json, at: request, isNew: saved.isNew)
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(try await repository.organization(context.organization, as: context.principal).json)
    }

    @Sendable private func change(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.organization
        var fields = FieldReader(try await request.json())
        let wanted = OrganizationChange(
            name: fields.organizationName(.optional), runLinkTemplate: fields.runLinkTemplate(),
            fallbackChannelID: fields.fallbackChannel(),
            retentionDays: fields.integer("retention_days", .optional, in: Organization.retentionDaysAllowed),
            auditRetentionDays: fields.integer(
                "audit_retention_days", .optional, in: Organization.auditRetentionDaysAllowed))
        try fields.finish()
        guard !wanted.isEmpty else { throw InvalidInput("body", "At least one field is required.") }
        return .json(try await repository.changeOrganization(id, wanted, as: context.principal).json)
    }
}

extension FieldReader {
    fileprivate mutating func organizationName(_ need: Need) -> String? {
        text("name", need, bytes: 200)
    }

    /// Nil if omitted; `.some(nil)` for null, which turns notices to a fallback channel off.
    fileprivate mutating func fallbackChannel() -> ChannelID?? {
        let key = "fallback_channel_id"
        guard let value = value(key) else { return nil }
        if value == .null { return .some(nil) }
        guard let id = value.string.flatMap({ ChannelID($0) }) else {
            return reject(key, "Must be a channel's ID or null.")
        }
        return id
    }

    /// Nil if omitted; `.some(nil)` for null, which removes the template.
    fileprivate mutating func runLinkTemplate() -> RunLinkTemplate?? {
        let key = "run_link_template"
        guard let value = value(key) else { return nil }
        if value == .null { return .some(nil) }
        guard let text = text(key, bytes: 1000) else { return nil }
        guard let template = RunLinkTemplate(text) else {
            let names = RunLinkTemplate.names.joined(separator: ", ")
            return reject(key, "Must be an http or https URL. Placeholders: \(names).")
        }
        return template
    }
}

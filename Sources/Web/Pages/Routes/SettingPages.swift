import Hummingbird
import Notifications
import Repository

/// The organization itself.
struct SettingPages {
    let house: PageHouse

    func add(to routes: inout RouteTable) {
        house.on(.get, "settings", query: true, in: .settings, of: &routes, use: show)
        house.on(.post, "settings", in: .settings, of: &routes, use: save)
    }

    @Sendable private func show(_ request: Request, _ visit: Visit) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let notice = visit.notice(&query)
        try query.finish()
        let organization = visit.standing.organization
        return .page(
            SettingsPage(
                frame: visit.frame(notice: notice), path: visit.path("settings"), name: organization.name,
                template: organization.runLinkTemplate?.text ?? "", isLocked: !visit.mayAdminister))
    }

    @Sendable private func save(_ request: Request, _ visit: Visit) async throws -> Response {
        let form = try await visit.form(request)
        let name = form.text("name") ?? ""
        let text = form.text("run_link_template") ?? ""
        var page = SettingsPage(
            frame: visit.frame(), path: visit.path("settings"), name: name, template: text, isLocked: false)
        let template = text.isEmpty ? nil : RunLinkTemplate(text)
        if !name.hasVisibleCharacter || name.utf8.count > 200 {
            page.nameMistake = "A name of at most 200 bytes is expected."
        }
        if template == nil, !text.isEmpty {
            let names = RunLinkTemplate.names.map { "{\($0)}" }.joined(separator: ", ")
            page.templateMistake = "An http or https address is expected; it may have \(names) in it."
        }
        guard page.nameMistake == nil, page.templateMistake == nil else {
            return .page(page, status: .unprocessableContent)
        }
        _ = try await house.repository.changeOrganization(
            visit.organization, name: name, runLinkTemplate: .some(template), as: visit.principal)
        return .see(visit.path("settings") + "?done=\(PageNotice.organizationSaved.rawValue)")
    }
}

struct SettingsPage: PageModel {
    static let template = "settings"
    let frame: PageFrame
    let path: String
    let name: String
    let template: String
    let isLocked: Bool
    var nameMistake: String?
    var templateMistake: String?
    let names = RunLinkTemplate.names.map { "{\($0)}" }.joined(separator: ", ")
}

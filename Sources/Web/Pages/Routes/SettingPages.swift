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
        let typed = SettingsForm(visit.standing.organization)
        return .page(SettingsPage(visit, notice, typed, try await channels(visit)))
    }

    /// Those that can be told of trouble with another one. The operator sees no channels.
    private func channels(_ visit: Visit) async throws(RepositoryError) -> [Channel] {
        guard visit.standing.role != nil else { return [] }
        return try await house.repository.channels(
            of: visit.organization, page: PageRequest(limit: 250), as: visit.principal
        ).items
    }

    @Sendable private func save(_ request: Request, _ visit: Visit) async throws -> Response {
        var typed = SettingsForm(try await visit.form(request))
        if typed.mistakes.isEmpty {
            do throws(RepositoryError) {
                _ = try await house.repository.changeOrganization(
                    visit.organization, typed.change, as: visit.principal)
                return .see(visit.path("settings") + "?done=\(PageNotice.organizationSaved.rawValue)")
            } catch {
                guard case .invalid(let found) = error else { throw error }
                typed.mistakes = found.mistakes
            }
        }
        return .page(SettingsPage(visit, nil, typed, try await channels(visit)), status: .unprocessableContent)
    }
}

/// The organization's form, as it was typed, and what it says.
struct SettingsForm: Sendable {
    let name: String
    let template: String
    let fallback: String
    let retention: String
    let auditRetention: String
    var mistakes: [FieldMistake] = []

    init(_ organization: Organization) {
        name = organization.name
        template = organization.runLinkTemplate?.text ?? ""
        fallback = organization.fallbackChannelID?.text ?? ""
        retention = String(organization.retentionDays)
        auditRetention = String(organization.auditRetentionDays)
    }

    init(_ form: FormBody) {
        name = form.text("name") ?? ""
        template = form.text("run_link_template") ?? ""
        fallback = form.text("fallback") ?? ""
        retention = form.text("retention") ?? ""
        auditRetention = form.text("audit_retention") ?? ""
        if let mistake = LineText.mistake(in: name, bytes: 200) { mistakes.append(FieldMistake("name", mistake)) }
        if !template.isEmpty, RunLinkTemplate(template) == nil {
            let text = "Enter an http or https URL. Placeholders: \(SettingsPage.templateNames)."
            mistakes.append(FieldMistake("run_link_template", text))
        }
        note("retention_days", retention, Organization.retentionDaysAllowed)
        note("audit_retention_days", auditRetention, Organization.auditRetentionDaysAllowed)
    }

    var change: OrganizationChange {
        OrganizationChange(
            name: name, runLinkTemplate: .some(RunLinkTemplate(template)),
            fallbackChannelID: .some(ChannelID(fallback)), retentionDays: Int64(retention),
            auditRetentionDays: Int64(auditRetention))
    }

    private mutating func note(_ field: String, _ text: String, _ allowed: ClosedRange<Int64>) {
        guard let number = Int64(text), allowed.contains(number) else {
            let message = "Enter a whole number from \(allowed.lowerBound) to \(allowed.upperBound)."
            mistakes.append(FieldMistake(field, message))
            return
        }
    }
}

struct SettingsPage: PageModel {
    static let template = "settings"
    static let templateNames = RunLinkTemplate.names.map { "{\($0)}" }.joined(separator: ", ")

    let frame: PageFrame
    let path: String
    let form: SettingsForm
    let channels: [FilterChoice]
    let names = Self.templateNames
    let isLocked: Bool
    let nameMistake: String?
    let templateMistake: String?
    let fallbackMistake: String?
    let retentionMistake: String?
    let auditRetentionMistake: String?

    init(_ visit: Visit, _ notice: PageNotice?, _ form: SettingsForm, _ channels: [Channel]) {
        frame = visit.frame(notice: notice)
        path = visit.path("settings")
        self.form = form
        self.channels = channels.map {
            .init(
                value: $0.id.text, label: DisplayText.line($0.name), isChosen: $0.id.text.sameBytes(as: form.fallback))
        }
        isLocked = !visit.mayAdminister
        let message = { (field: String) in form.mistakes.first { $0.field == field }?.message }
        nameMistake = message("name")
        templateMistake = message("run_link_template")
        fallbackMistake = message("fallback_channel_id")
        retentionMistake = message("retention_days")
        auditRetentionMistake = message("audit_retention_days")
    }
}

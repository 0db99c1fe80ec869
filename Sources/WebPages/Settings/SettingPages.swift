import Hummingbird
import Notifications
import Repository
import WebServing

/// The organization's settings.
struct SettingPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        dependencies.on(.get, "settings", query: true, in: .settings, of: &routes, use: show)
        dependencies.on(.post, "settings", in: .settings, of: &routes, use: save)
    }

    @Sendable private func show(_ request: Request, _ page: PageContext) async throws -> Response {
        var query = QueryReader(request.uri.query)
        let notice = page.notice(&query)
        try query.finish()
        let typed = SettingsForm(page.membership.organization)
        return .page(SettingsPage(page, notice, typed, try await channels(page)))
    }

    /// All channels: if the fallback channel were not among them, saving the form would remove it. The operator sees none.
    private func channels(_ page: PageContext) async throws(RepositoryError) -> [ChannelName] {
        guard page.membership.role != nil else { return [] }
        return try await dependencies.repository.channelNames(of: page.organization, as: page.principal)
    }

    @Sendable private func save(_ request: Request, _ page: PageContext) async throws -> Response {
        let (form, isStale) = try await page.typedForm(request)
        var typed = SettingsForm(form)
        var status = HTTPResponse.Status.unprocessableContent
        // What comes back with errors is still about the organization as it was shown first.
        var seen = form.text("seen")
        if isStale {
            typed.errors = [.staleForm]
            status = .forbidden
        } else if typed.errors.isEmpty {
            do throws(RepositoryError) {
                _ = try await dependencies.repository.changeOrganization(
                    page.organization, typed.change, seen: seen, as: page.principal)
                return .see(page.path("settings") + "?done=\(PageNotice.organizationSaved.rawValue)")
            } catch .invalid(let found) {
                typed.errors = found.errors
            } catch .conflict(let text) {
                typed.errors =
                    [ValidationError("organization", text)] + typed.differences(from: page.membership.organization)
                status = .conflict
                seen = nil
            }
        }
        return .page(SettingsPage(page, nil, typed, try await channels(page), seen: seen), status: status)
    }
}

/// The organization form as submitted, parsed.
struct SettingsForm: Sendable {
    let name: String
    let template: String
    /// Nil if the form leaves it as it is.
    let fallback: String?
    let retention: String
    let auditRetention: String
    var errors: [ValidationError] = []

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
        fallback = form.text("fallback")
        retention = form.text("retention") ?? ""
        auditRetention = form.text("audit_retention") ?? ""
        if let error = LineText.error(in: name, bytes: 200) { errors.append(ValidationError("name", error)) }
        if !template.isEmpty, RunLinkTemplate(template) == nil {
            let text = "Enter an http or https URL. Placeholders: \(SettingsPage.templateNames)."
            errors.append(ValidationError("run_link_template", text))
        }
        if let fallback, !fallback.isEmpty, ChannelID(fallback) == nil {
            errors.append(ValidationError("fallback_channel_id", "Choose one of the channels."))
        }
        note("retention_days", retention, Organization.retentionDaysAllowed)
        note("audit_retention_days", auditRetention, Organization.auditRetentionDaysAllowed)
    }

    var change: OrganizationChange {
        OrganizationChange(
            name: name, runLinkTemplate: .some(RunLinkTemplate(template)),
            fallbackChannelID: fallback.map { ChannelID($0) }, retentionDays: Int64(retention),
            auditRetentionDays: Int64(auditRetention))
    }

    /// What is saved now, at each field that says something else.
    func differences(from organization: Organization) -> [ValidationError] {
        let saved = SettingsForm(organization)
        return [
            ("name", name, saved.name), ("run_link_template", template, saved.template),
            ("retention_days", retention, saved.retention),
            ("audit_retention_days", auditRetention, saved.auditRetention),
        ].filter { !$0.1.sameBytes(as: $0.2) }.map { field, _, now in
            let state = now.isEmpty ? "No value is saved now." : "The saved value is now \(DisplayText.line(now))."
            return ValidationError(field, state + " Save again to overwrite it.")
        }
    }

    private mutating func note(_ field: String, _ text: String, _ allowed: ClosedRange<Int64>) {
        guard let number = Int64(text), allowed.contains(number) else {
            let message = "Enter a whole number from \(allowed.lowerBound) to \(allowed.upperBound)."
            errors.append(ValidationError(field, message))
            return
        }
    }
}

struct SettingsPage: PageModel {
    static let template = "settings"
    static let templateNames = RunLinkTemplate.names.map { "{\($0)}" }.joined(separator: ", ")

    let frame: PageFrame
    let path: String
    /// The content hash of the organization that the form is about.
    let seen: String
    let form: SettingsForm
    let mistakes: ErrorSummary?
    let channels: [FilterChoice]
    let names = Self.templateNames
    /// The template of the run's own page, without the origin.
    let runPath: String
    let isLocked: Bool
    let nameError: String?
    let templateError: String?
    let fallbackError: String?
    let retentionError: String?
    let auditRetentionError: String?

    /// - Parameter seen: nil for the organization as it is saved now.
    init(
        _ page: PageContext, _ notice: PageNotice?, _ form: SettingsForm, _ channels: [ChannelName],
        seen: String? = nil
    ) {
        frame = page.frame(notice: notice, isError: !form.errors.isEmpty)
        mistakes = ErrorSummary(form.errors, places: Self.places)
        path = page.path("settings")
        self.seen = seen ?? page.membership.organization.contentHash
        runPath = page.path("runs/{load_test_run_id}")
        self.form = form
        let chosen = form.fallback ?? page.membership.organization.fallbackChannelID?.text ?? ""
        self.channels = channels.map {
            .init(value: $0.id.text, label: DisplayText.line($0.name), isChosen: $0.id.text.sameBytes(as: chosen))
        }
        isLocked = !page.mayAdminister
        nameError = form.errors.message(of: "name")
        templateError = form.errors.message(of: "run_link_template")
        fallbackError = form.errors.message(of: "fallback_channel_id")
        retentionError = form.errors.message(of: "retention_days")
        auditRetentionError = form.errors.message(of: "audit_retention_days")
    }

    private static let places: [ErrorSummary.Place] = [
        .init(field: "name", label: "Name", target: "name"),
        .init(field: "run_link_template", label: "Run URL template", target: "template"),
        .init(field: "fallback_channel_id", label: "Fallback channel", target: "fallback"),
        .init(field: "retention_days", label: "Event retention", target: "retention"),
        .init(field: "audit_retention_days", label: "Audit log retention", target: "audit-retention"),
    ]
}

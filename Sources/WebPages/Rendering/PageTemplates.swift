import Mustache

/// The templates, stored in the folders of their pages and compiled into the program.
enum PageTemplates {
    /// Renders a page or a part of one. Models are plain values; the templates read their stored properties.
    static func render(_ model: some PageModel) -> String {
        library.render(model, withTemplate: type(of: model).template) ?? ""
    }

    /// Every template is listed once here, and in Package.swift (a house rule checks both).
    static let files: [String: [UInt8]] = [
        "layout": PackageResources.layout_mustache,
        "login": PackageResources.login_mustache,
        "login_link": PackageResources.login_link_mustache,
        "operator": PackageResources.operator_mustache,
        "problem": PackageResources.problem_mustache,
        "notifications": PackageResources.notifications_mustache,
        "new_channel": PackageResources.new_channel_mustache,
        "channel": PackageResources.channel_mustache,
        "channel_form": PackageResources.channel_form_mustache,
        "message_preview": PackageResources.message_preview_mustache,
        "fields": PackageResources.fields_mustache,
        "test_result": PackageResources.test_result_mustache,
        "setup": PackageResources.setup_mustache,
        "new_secret": PackageResources.new_secret_mustache,
        "changes": PackageResources.changes_mustache,
        "error_summary": PackageResources.error_summary_mustache,
        "deliveries": PackageResources.deliveries_mustache,
        "delivery_rows": PackageResources.delivery_rows_mustache,
        "delivery": PackageResources.delivery_mustache,
        "replays": PackageResources.replays_mustache,
        "figures": PackageResources.figures_mustache,
        "events": PackageResources.events_mustache,
        "event": PackageResources.event_mustache,
        "outcomes": PackageResources.outcomes_mustache,
        "run": PackageResources.run_mustache,
        "audit_log": PackageResources.audit_log_mustache,
        "long_text": PackageResources.long_text_mustache,
        "mail": PackageResources.mail_mustache,
        "members": PackageResources.members_mustache,
        "keys": PackageResources.keys_mustache,
        "settings": PackageResources.settings_mustache,
    ]

    private static let library = make()

    /// Each template starts by selecting our escaping, because swift-mustache resets it in every partial.
    private static func make() -> MustacheLibrary {
        MustacheContentTypes.register(PageEscaping(), named: PageEscaping.name)
        var library = MustacheLibrary()
        for (name, bytes) in files {
            let text = "{{% CONTENT_TYPE:\(PageEscaping.name)}}\n" + String(decoding: bytes, as: UTF8.self)
            do {
                try library.register(text, named: name)
            } catch {
                preconditionFailure("The template \(name) is not well formed: \(error)")
            }
        }
        return library
    }
}

/// The model of a template.
protocol PageModel: Sendable {
    static var template: String { get }
}

import Hummingbird
import Notifications
import Repository
import WebServing

/// The page behind the links in mails: to confirm an address, and to stop mails to it. It needs no session: whoever has the
/// link has the mail.
struct MailPages {
    let dependencies: PageDependencies

    func add(to routes: inout RouteTable) {
        routes.onPage(.get, "/mail/:organization/:channel/:code", use: show)
        routes.onPage(.post, "/mail/:organization/:channel/:code", use: decide)
    }

    private var authenticator: Authenticator { dependencies.authentication.authenticator }

    /// Viewing the page changes nothing, because programs that look at mails view it too.
    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        try await page(request, context)
    }

    @Sendable private func decide(_ request: Request, _ context: APIContext) async throws -> Response {
        let form = try await request.form()
        let wantsMail = form.says("confirm", in: "decision")
        guard wantsMail || form.says("stop", in: "decision") else {
            throw Problem.badRequest("The form does not say what to do.")
        }
        let address = form.text("address").flatMap { MailAddress($0) }
        let isDone = try await authenticator.decideOnMail(
            wantsMail, by: context.parameters.get("code") ?? "", address: address,
            at: try context.uniqueID("channel"), of: try context.organization)
        if !isDone { return try await page(request, context, error: "This is not the address of a recipient.") }
        let notice = wantsMail ? "Thank you. Notifications will be sent to you." : "No more emails will be sent to you."
        return try await page(request, context, notice: notice)
    }

    private func page(
        _ request: Request, _ context: APIContext, notice: String? = nil, error: String? = nil
    ) async throws -> Response {
        let link = try await authenticator.mailLink(
            context.parameters.get("code") ?? "", at: try context.uniqueID("channel"), of: try context.organization)
        guard let link else {
            return .page(MailPage(notice: "This link is no longer valid."), status: .gone)
        }
        let page = MailPage(link, path: request.uri.path, notice: notice, error: error)
        return .page(page, status: error == nil ? .ok : .badRequest)
    }
}

struct MailPage: PageModel {
    static let template = "mail"
    let frame: PageFrame
    var isLink = false
    var path = ""
    var organization = ""
    var channel = ""
    var address: String?
    var asksAddress = false
    var mayConfirm = false
    var mayStop = false
    var error: String?

    init(notice: String?) {
        var frame = PageFrame(title: "Load test emails")
        frame.notice = notice
        self.frame = frame
    }

    init(_ link: MailLink, path: String, notice: String?, error: String?) {
        self.init(notice: notice)
        isLink = true
        self.path = path
        self.error = error
        organization = DisplayText.line(link.organizationName)
        channel = DisplayText.line(link.channelName)
        switch link.subject {
        case .one(let own):
            address = own.text
            mayConfirm = !link.isConfirmed
            mayStop = link.isConfirmed
        case .somebody:
            asksAddress = true
            mayStop = true
        }
    }
}

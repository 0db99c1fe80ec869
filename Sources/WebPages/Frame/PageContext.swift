import HTTPTypes
import Hummingbird
import Notifications
import Repository
import WebServing

/// A request by a signed-in user for a page of one of their organizations.
struct PageContext: Sendable {
    let visitor: Visitor
    let membership: Membership
    /// Nil for an address that is no page.
    let section: PageSection?
    let context: APIContext
    /// Where the service is reached: `https://runbell.example.com`.
    let address: String

    var principal: Principal { visitor.session.principal }
    var organization: OrganizationID { membership.organization.id }
    var base: String { "/organizations/\(organization)" }
    /// `/organizations/1/channels`
    func path(_ rest: String) -> String { "\(base)/\(rest)" }

    /// Owner or admin. This only affects what pages show; the repository checks permissions.
    var mayAdminister: Bool { holds(.administer) }
    var mayManageKeys: Bool { holds(.manageKeys) }

    private func holds(_ permission: Permission) -> Bool {
        membership.role.map { permission.isHeld(by: $0) } ?? permission.isHeldByOperator
    }

    /// What an event links to. Only an address that cannot be a script becomes a link; it was also checked when it was
    /// saved.
    func link(of content: EventContent) -> String? {
        content.link(by: membership.organization.runLinkTemplate).flatMap { WebAddress.isWritten($0) ? $0 : nil }
    }

    /// - Parameter isError: whether a form comes back with errors.
    func frame(_ title: String? = nil, notice: PageNotice? = nil, isError: Bool = false) -> PageFrame {
        PageFrame(
            title: title ?? section?.title ?? "", organization: DisplayText.line(membership.organization.name),
            base: base,
            places: PageSection.allCases.filter { holds($0.permission) }.map {
                .init(title: $0.title, path: path($0.rawValue), isCurrent: $0 == section)
            },
            who: who, formToken: visitor.formToken, notice: notice?.text, readOnly: mayAdminister ? nil : readOnly,
            isError: isError)
    }

    private var who: String {
        switch principal {
        case .user(let user, _, _):
            "\(membership.name.map(DisplayText.line) ?? "User \(user)"), \(membership.role?.rawValue ?? "")"
        case .operator: "Operator"
        case .service: "Service"
        }
    }

    private var readOnly: String {
        switch membership.role {
        case nil:
            "As the operator, you can see keys and settings. Channels are visible only to members of the organization."
        default:
            "Read-only: you are a member. Secrets are masked, and only owners and admins can make changes."
        }
    }

    /// The form of a request; throws `staleForm` if it is not from this session.
    func form(_ request: Request) async throws -> FormBody {
        let (form, isStale) = try await typedForm(request)
        guard !isStale else { throw Problem.staleForm }
        return form
    }

    /// A form that somebody has typed into, and whether it is from an earlier session. Then nothing may be changed, but it
    /// is shown again with what was typed.
    func typedForm(_ request: Request) async throws -> (form: FormBody, isStale: Bool) {
        let form = try await request.form()
        return (form, isStale: !form.says(visitor.formToken, in: "form_token"))
    }

    /// The notice about the last action, from the page's address.
    func notice(_ reader: inout QueryReader) -> PageNotice? {
        reader.text("done").flatMap(PageNotice.init(word:))
    }
}

import Hummingbird
import Notifications
import Repository
import WebServing

/// Who changed what, with the differences, and whether the chain is intact.
struct AuditPages {
    let dependencies: PageDependencies
    let checks: ChainChecks

    func add(to routes: inout RouteTable) {
        dependencies.on(.get, "audit-log", query: true, in: .auditLog, of: &routes, use: list)
        dependencies.on(.get, "audit-log/export", in: .auditLog, of: &routes, use: export)
    }

    @Sendable private func list(_ request: Request, _ page: PageContext) async throws -> Response {
        let path = page.path("audit-log")
        let search = AuditSearch(request.uri.query, of: path)
        try await dependencies.require(.administer, page.mayAdminister, for: "audit_log.read", page)
        let found = search.errors.isEmpty ? try await entries(search, page) : Page(items: [], next: nil)
        let names = try await dependencies.names(found.items.map(\.actor), page)
        let chain = try await chain(page, isAnew: search.isChainCheckedAnew)
        let query = search.query.text
        return .page(
            AuditLogPage(
                frame: page.frame(), chain: chain, lines: found.items.map { AuditLineView($0, names, in: page) },
                search: search, limit: search.query.limit,
                presets: PresetView.all(at: dependencies.repository.time) { "\(path)?\(search.query.text(since: $0))" },
                errors: search.errors, isFiltered: !search.query.isEmpty || !search.errors.isEmpty, path: path,
                nextPath: found.next.map {
                    "\(path)?\(query.isEmpty ? "" : query + "&")cursor=\($0.text(of: path))"
                }))
    }

    private func entries(_ search: AuditSearch, _ page: PageContext) async throws(RepositoryError) -> Page<AuditEntry> {
        try await dependencies.repository.auditLog(
            of: page.organization, filter: search.filter, page: search.page, as: page.principal)
    }

    private func chain(_ page: PageContext, isAnew: Bool) async throws(RepositoryError) -> ChainView {
        do throws(RepositoryError) {
            let (prunedUpTo, head) = try await dependencies.repository.auditSpan(
                of: page.organization, as: page.principal)
            let finding = try await checks.check(
                upTo: head, prunedUpTo: prunedUpTo, dependencies.repository, as: page.principal, isAnew: isAnew)
            return ChainView(head, finding, prunedUpTo: prunedUpTo)
        } catch .conflict(let text) {
            return ChainView(unsound: text)
        }
    }

    @Sendable private func export(_ request: Request, _ page: PageContext) async throws -> Response {
        try await dependencies.require(.administer, page.mayAdminister, for: "audit_log.export", page)
        let (prunedUpTo, head) = try await dependencies.repository.auditSpan(of: page.organization, as: page.principal)
        var response = AuditLines(
            repository: dependencies.repository, prunedUpTo: prunedUpTo, head: head, principal: page.principal
        ).response()
        response.headers[.contentDisposition] =
            "attachment; filename=\"audit-\(page.organization)-\(head.sequence).ndjson\""
        return response
    }
}

struct AuditLogPage: PageModel {
    static let template = "audit_log"
    let frame: PageFrame
    let chain: ChainView
    let lines: [AuditLineView]
    /// As typed.
    let search: AuditSearch
    let limit: Int?
    let presets: [PresetView]
    let errors: [String]
    let isFiltered: Bool
    let path: String
    let nextPath: String?
}

/// `Chain verified up to entry 4711, checkpoint of 14:02`
struct ChainView: Sendable {
    let isWhole: Bool
    let isPartial: Bool
    let broken: Int64?
    let verified: Int64
    let total: Int64
    let at: TimeView?
    let publicKey: String
    let hash: String
    /// The last entry that retention removed.
    let pruned: Int64?
    /// Why the head is not signed.
    let unsound: String?

    /// The head of the chain is not what the service wrote.
    init(unsound: String) {
        self.unsound = unsound
        (isWhole, isPartial, broken, pruned, verified, total) = (false, false, nil, nil, 0, 0)
        (at, publicKey, hash) = (nil, "", "")
    }

    init(_ head: AuditCheckpoint, _ finding: ChainFinding, prunedUpTo: Int64) {
        unsound = nil
        pruned = prunedUpTo > 0 && finding.broken == nil ? prunedUpTo : nil
        broken = finding.broken
        verified = finding.verified
        total = head.sequence
        isWhole = finding.broken == nil && finding.verified == head.sequence
        isPartial = finding.broken == nil && finding.verified < head.sequence
        at = TimeView(head.at)
        publicKey = head.publicKey
        hash = head.hash
    }
}

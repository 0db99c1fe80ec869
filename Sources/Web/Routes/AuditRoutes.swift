import Hummingbird
import Notifications
import Repository

struct AuditRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        let path = "/v1/organizations/:organization/audit-log"
        routes.on(.get, path, query: true, use: list)
        routes.on(.get, path + "/head", use: head)
        routes.on(.get, path + "/export", use: export)
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        var query = QueryReader(request.uri.query)
        let part = query.page()
        let span = query.span()
        let filter = AuditFilter(
            actor: query.text("actor"), action: query.text("action"), target: query.text("target"), since: span.since,
            until: span.until)
        try query.finish()
        let page = try await repository.auditLog(of: organization, filter: filter, page: part, as: context.principal)
        return .json(page.json(\.json))
    }

    @Sendable private func head(_ request: Request, _ context: APIContext) async throws -> Response {
        .json(try await repository.auditHead(of: context.organization, as: context.principal).json)
    }

    /// The head is taken first and the export stops at it, so that the checkpoint in the last line fits to the entries
    /// before it whatever is written meanwhile.
    @Sendable private func export(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        let principal = try context.principal
        let span = try await repository.auditSpan(of: organization, as: principal)
        let lines = AuditLines(
            repository: repository, prunedUpTo: span.prunedUpTo, head: span.head, principal: principal)
        let body = ResponseBody { writer in
            try await lines.write(to: &writer)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }
}

/// An organization's audit log up to a checkpoint, as lines. It is read in pieces, so its length does not matter.
private struct AuditLines {
    let repository: Repository
    let prunedUpTo: Int64
    let head: AuditCheckpoint
    let principal: Principal

    private static let entriesAtOnce = 500

    func write(to writer: inout any ResponseBodyWriter) async throws {
        var sequence = prunedUpTo
        while sequence < head.sequence {
            let entries = try await entries(after: sequence)
            // Where entries are missing, because they were pruned meanwhile, the answer is broken off, so that nobody
            // takes it as whole.
            guard let first = entries.first, let last = entries.last, first.sequence == sequence + 1 else {
                throw Problem.internalError
            }
            let text = entries.map { AuditExport.line($0) }.joined()
            try await writer.write(ByteBuffer(string: text))
            sequence = last.sequence
        }
        try await writer.write(ByteBuffer(string: AuditExport.line(head)))
    }

    private func entries(after sequence: Int64) async throws(RepositoryError) -> [AuditEntry] {
        let limit = Int(min(Int64(Self.entriesAtOnce), head.sequence - sequence))
        return try await repository.auditEntries(
            after: sequence, limit: limit, of: head.organizationID, as: principal)
    }
}

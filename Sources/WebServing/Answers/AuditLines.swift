import Hummingbird
import Notifications
import Repository

/// An organization's audit log up to a checkpoint, as lines. It is read in pieces, so its length does not matter.
package struct AuditLines {
    private let repository: Repository
    private let prunedUpTo: Int64
    private let head: AuditCheckpoint
    private let principal: Principal

    private static let entriesAtOnce = 500

    /// - Parameters:
    ///   - prunedUpTo: the last entry that retention removed; the lines begin after it.
    ///   - head: the signed head of the chain, which becomes the last line.
    package init(repository: Repository, prunedUpTo: Int64, head: AuditCheckpoint, principal: Principal) {
        self.repository = repository
        self.prunedUpTo = prunedUpTo
        self.head = head
        self.principal = principal
    }

    /// Streams the lines as `application/x-ndjson`, and aborts the response if entries turn out to be missing.
    package func response() -> Response {
        let body = ResponseBody { writer in
            try await write(to: &writer)
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "application/x-ndjson"], body: body)
    }

    private func write(to writer: inout any ResponseBodyWriter) async throws {
        var sequence = prunedUpTo
        while sequence < head.sequence {
            let entries = try await entries(after: sequence)
            // Entries may be missing because they were pruned meanwhile. Aborting keeps clients from taking the
            // response as complete.
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

import EventRouting
import HTTPTypes
import Hummingbird
import Logging
import Notifications
import Repository
import ServiceLifecycle
import WebServing

extension EventRoutes {
    /// Takes `{events: […]}`. Each event has its own result, in the same order; a refused event does not stop the
    /// others.
    @Sendable func acceptBatch(_ request: Request, _ context: APIContext) async throws -> Response {
        guard !request.headers.contains(.idempotencyKey) else {
            throw Problem.badRequest("Idempotency-Key is accepted only with a single event.")
        }
        let body = try await request.bytes()
        var count = 1
        defer { desk.charge(bytes: body.readableBytes, events: count, to: context.authenticated?.organizationID) }
        var fields = FieldReader(try JSONValue.parse(body.readableBytesView))
        let values = fields.array("events", atMost: AdmissionLimits.mostEventsOfRequest)
        if values?.isEmpty == true { fields.reject("events", "Must have at least one event.") as Void? }
        try fields.finish()
        count = values?.count ?? 1
        let read = (values ?? []).enumerated().map { Self.read($1, at: $0) }
        let results = Self.merge(read, try await store(read, context))
        let isAnyTaken = results.contains { $0["status"] == 202 }
        return .json(["results": .array(results)], status: isAnyTaken ? .accepted : .ok)
    }

    /// Stores the events that could be read. The repository is called even if there are none, because it checks the
    /// permission.
    private func store(
        _ read: [Result<EventContent, InvalidInput>], _ context: APIContext
    ) async throws -> [Result<Acceptance, Problem>] {
        let principal = try context.principal
        let contents = read.compactMap { try? $0.get() }
        guard let home = principal.organizationID else {
            throw RepositoryError.forbidden(Permission.writeEvents.requirement)
        }
        let expected = desk.expectedDeliveries(of: home)
        // The first event was charged on admission.
        try desk.take(events: read.count - 1, of: home)
        var fates: [Result<Acceptance, Problem>] = []
        defer {
            let stored = fates.compactMap { try? $0.get().deliveries }
            desk.settle(EventBill(events: read.count, expected: expected, stored: stored), of: home)
        }
        repeat {
            let rest = contents[fates.count...]
            do {
                fates += try await storePiece(of: rest, rows: rest.count * (1 + expected), home, as: principal)
            } catch {
                guard !fates.isEmpty else { throw error }
                // What has been stored stays stored, and the response says so.
                context.logger.error("A batch stopped midway", metadata: ["error": "\(error)"])
                fates += rest.map { _ in .failure(Problem(error) ?? .internalError) }
            }
        } while fates.count < contents.count
        return fates
    }

    /// Stores one transaction; others may write in between. Admission is checked again before each.
    private func storePiece(
        of rest: ArraySlice<EventContent>, rows: Int, _ home: OrganizationID, as principal: Principal
    ) async throws -> [Result<Acceptance, Problem>] {
        guard !Task.isShuttingDownGracefully else { throw Problem.shuttingDown }
        guard desk.hasSpace() else { throw Problem.insufficientStorage }
        let rows = min(rows, Repository.rowsOfBatchAtOnce)
        return try await desk.storingPiece(rows: rows, of: home) { () async throws(RepositoryError) in
            try await router.accept(firstOf: rest, as: principal)
        }.map { $0.mapError(Problem.init) }
    }

    private static func read(_ value: JSONValue, at index: Int) -> Result<EventContent, InvalidInput> {
        Result { () throws(InvalidInput) in try EventContent(reading: value, path: "events[\(index)]") }
    }

    /// Merges the results of the stored events with those of the events that could not be read.
    private static func merge(
        _ read: [Result<EventContent, InvalidInput>], _ accepted: [Result<Acceptance, Problem>]
    ) -> [JSONValue] {
        var accepted = accepted.makeIterator()
        return read.map { item in
            if case .failure(let error) = item { return .object(Problem.invalid(error.errors).json) }
            switch accepted.next() {
            case .success(let acceptance): return json(of: acceptance)
            case .failure(let problem): return .object(problem.json)
            case nil: return .object(Problem.internalError.json)
            }
        }
    }

    private static func json(of acceptance: Acceptance) -> JSONValue {
        var object = JSONObject()
        object["status"] = 202
        object["id"] = acceptance.json["id"]
        object["deliveries"] = acceptance.json["deliveries"]
        return .object(object)
    }
}

import EventRouting
import HTTPTypes
import Hummingbird
import Notifications
import Repository

extension EventRoutes {
    static let mostEvents = 1000

    /// Takes `{events: […]}`. Each event has its own result, in the order of the events: one that is refused does not
    /// stop the others. All that are taken are one transaction.
    @Sendable func acceptBatch(_ request: Request, _ context: APIContext) async throws -> Response {
        guard !request.headers.contains(.idempotencyKey) else {
            throw Problem.badRequest("Idempotency-Key is taken with single events only.")
        }
        var fields = FieldReader(try await request.json())
        let values = fields.array("events", atMost: Self.mostEvents)
        if values?.isEmpty == true { fields.mistake("events", "At least one event is expected.") as Void? }
        try fields.finish()
        let principal = try context.principal
        // The first one was counted at the door.
        try desk.take(events: (values?.count ?? 1) - 1, of: principal.organizationID)
        let read = (values ?? []).enumerated().map { Self.read($1, at: $0) }
        // Asked also when no event can be taken: who may post is found out there.
        let accepted = try await desk.timing { () async throws(RepositoryError) in
            try await router.accept(batch: read.compactMap { try? $0.get() }, as: principal)
        }
        let results = Self.merge(read, accepted)
        let isAnyTaken = results.contains { $0["status"] == 202 }
        return .json(["results": .array(results)], status: isAnyTaken ? .accepted : .ok)
    }

    private static func read(_ value: JSONValue, at index: Int) -> Result<EventContent, InvalidInput> {
        Result { () throws(InvalidInput) in try EventContent(reading: value, path: "events[\(index)]") }
    }

    /// The results of the events that could be read, put back among those that could not.
    private static func merge(
        _ read: [Result<EventContent, InvalidInput>], _ accepted: [Result<Acceptance, RepositoryError>]
    ) -> [JSONValue] {
        var accepted = accepted.makeIterator()
        return read.map { item in
            if case .failure(let error) = item { return .object(Problem.invalid(error.mistakes).json) }
            switch accepted.next() {
            case .success(let acceptance): return json(of: acceptance)
            case .failure(let error): return .object(Problem(error).json)
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

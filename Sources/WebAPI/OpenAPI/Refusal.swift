import HTTPTypes
import Notifications
import WebServing

/// A problem that a request may be refused with. Its name is its key in `components.responses`.
enum Refusal: String, CaseIterable, Sendable {
    case badRequest = "BadRequest"
    case unauthenticated = "Unauthenticated"
    case forbidden = "Forbidden"
    case notFound = "NotFound"
    case methodNotAllowed = "MethodNotAllowed"
    case timeout = "Timeout"
    case conflict = "Conflict"
    case staleVersion = "StaleVersion"
    case bodyTooLarge = "BodyTooLarge"
    case uriTooLong = "URITooLong"
    case unsupportedMediaType = "UnsupportedMediaType"
    case misdirected = "Misdirected"
    case idempotencyMismatch = "IdempotencyMismatch"
    case tooMuchToRead = "TooMuchToRead"
    case tooMany = "TooManyRequests"
    case internalError = "InternalError"
    case unavailable = "Unavailable"
    case insufficientStorage = "InsufficientStorage"

    var status: HTTPResponse.Status { about.status }

    var reference: JSONValue { ["$ref": .string("#/components/responses/\(rawValue)")] }

    /// In the form of HipChat's API.
    var hipChat: JSONValue {
        [
            "description": .string(about.text), "headers": AnswerHeader.json([.requestID] + headers),
            "content": ["application/json": ["schema": Schema.named("HipChatError").value]],
        ]
    }

    /// Its entry in `components.responses`.
    var definition: JSONValue {
        let about = about
        let own: JSONValue = [
            "properties": [
                "type": ["enum": .array(about.words.map { .string("/problems/\($0)") })],
                // Of one value rather than a constant: generators of clients can merge it with the integer of Problem.
                "status": ["type": "integer", "enum": [.integer(Int64(about.status.code))]],
            ]
        ]
        let schema: JSONValue = ["allOf": [Schema.named("Problem").value, own]]
        return [
            "description": .string(about.text),
            "headers": AnswerHeader.json([.requestID] + headers),
            "content": .object(
                JSONObject([.init(key: Problem.mediaType, value: .content(Schema(schema), example: example))])),
        ]
    }

    private var example: JSONValue {
        guard self == .badRequest else {
            return Example.problem(
                about.words[0], status.reasonPhrase, status: status.code, detail: about.text)
        }
        return Example.problem(
            "invalid_input", status.reasonPhrase, status: status.code,
            detail: "The request has one validation error, listed in errors. Nothing was changed.",
            errors: [["field": "settings.url", "message": "This field is required."]])
    }

    /// The members of every problem, even of one in a list of results.
    static let members: Schema.Members = [
        "type": Schema.text.with("pattern", "^/problems/[a-z_]+$"), "title": .text, "status": .count, "detail": .text,
        "errors": .list(of: .object(["field": .text, "message": .text])),
    ]

    /// A whole problem (RFC 9457).
    static let schema = Schema.object(members).adding(["request_id": .text])

    private var headers: [AnswerHeader] {
        switch self {
        case .unauthenticated: [.authenticate]
        case .methodNotAllowed: [.allow]
        case .staleVersion: [.eTag]
        case .tooMany, .unavailable, .insufficientStorage: [.retryAfter]
        default: []
        }
    }

    private var about: (status: HTTPResponse.Status, words: [String], text: String) {
        switch self {
        case .badRequest:
            (
                .badRequest, ["invalid_json", "invalid_input", "bad_request"],
                "The request is invalid; errors lists every validation error."
            )
        case .unauthenticated: (.unauthorized, ["unauthenticated"], "The key is missing or invalid.")
        case .forbidden: (.forbidden, ["forbidden"], "This key may not do this.")
        case .notFound: (.notFound, ["not_found"], "This does not exist, or this key may not see it.")
        case .methodNotAllowed:
            (.methodNotAllowed, ["method_not_allowed"], "Another method was used; Allow lists the path's methods.")
        case .timeout: (.requestTimeout, ["timeout"], "The body did not arrive in time.")
        case .conflict: (.conflict, ["conflict"], "Not possible in the current state.")
        case .staleVersion: (.preconditionFailed, ["stale_version"], "This has changed in the meantime.")
        case .bodyTooLarge: (.contentTooLarge, ["body_too_large"], "The body is too large.")
        case .uriTooLong: (.uriTooLong, ["uri_too_long"], "The path and query together exceed 2,000 bytes.")
        case .unsupportedMediaType:
            (
                .unsupportedMediaType, ["unsupported_media_type"],
                "The body must be declared as one of the media types of the request, in UTF-8 and without an encoding."
            )
        case .misdirected: (.misdirectedRequest, ["misdirected"], "The service does not answer to the name in Host.")
        case .idempotencyMismatch:
            (.unprocessableContent, ["idempotency_mismatch"], "The key was already used with a different event.")
        case .tooMuchToRead:
            (.unprocessableContent, ["too_much_to_read"], "Reading takes over two seconds; narrow the query.")
        case .tooMany:
            (
                .tooManyRequests, ["too_many_failures", "too_many_events"],
                "Too many invalid keys from this address, or too many events from this organization."
            )
        case .internalError: (.internalServerError, ["internal"], "An internal error; the log has the request's ID.")
        case .unavailable:
            (
                .serviceUnavailable,
                [
                    "unavailable", "overloaded", "too_many_reads", "too_many_streams", "shutting_down",
                    "insufficient_storage", "moved",
                ],
                """
                The service is temporarily unavailable, overloaded, already reading enough for this organization, \
                shutting down or (at /readyz) out of disk space or moved to another database.
                """
            )
        case .insufficientStorage: (.insufficientStorage, ["insufficient_storage"], "The service's disk is full.")
        }
    }
}

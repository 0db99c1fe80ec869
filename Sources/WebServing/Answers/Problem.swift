import HTTPTypes
import Hummingbird
import Notifications

/// Why a request is refused, as the client sees it (RFC 9457). docs/api.md lists the words.
package struct Problem: Error {
    package let status: HTTPResponse.Status
    /// The last part of `type`, stable for programs.
    package let word: String
    /// Whole sentences, without any secrets.
    package let detail: String
    package var errors: [ValidationError]
    /// Headers in addition to those of all responses.
    package var headers: HTTPFields

    package init(
        status: HTTPResponse.Status, word: String, detail: String, errors: [ValidationError] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.word = word
        self.detail = detail
        self.errors = errors
        self.headers = headers
    }
}

extension Problem {
    /// The members that every problem has, even in a list of results.
    package var json: JSONObject {
        var object = JSONObject()
        object["type"] = .string("/problems/\(word)")
        object["title"] = .string(status.reasonPhrase)
        object["status"] = .integer(Int64(status.code))
        object["detail"] = .string(detail)
        object["errors"] = .array(errors.map { ["field": .string($0.field), "message": .string($0.message)] })
        return object
    }

    func body(requestID: String) -> [UInt8] {
        var object = json
        object["request_id"] = .string(requestID)
        return JSONValue.object(object).shownBytes
    }

    func response(requestID: String) -> Response {
        var fields = headers
        fields[.contentType] = Self.mediaType
        return Response(
            status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: body(requestID: requestID))))
    }

    package static let mediaType = "application/problem+json"
}

extension Problem {
    /// One text for everything that is not found: an unknown route, a malformed id, something that was removed, and an
    /// organization that the caller does not belong to. Callers cannot tell them apart.
    package static let notFound = Problem(
        status: .notFound, word: "not_found", detail: "This does not exist, or this key may not see it.")

    /// One text for every kind of missing or wrong key, so that it does not reveal how close a guess was.
    package static let unauthenticated = Problem(
        status: .unauthorized, word: "unauthenticated",
        detail: "A valid key is required in the Authorization header: Bearer KEY.",
        headers: [.wwwAuthenticate: "Bearer"])

    /// `Host` names none of this service's hosts, which RUNBELL_PUBLIC_URL and RUNBELL_HOSTS list.
    static let misdirected = Problem(
        status: .misdirectedRequest, word: "misdirected",
        detail: "The service does not answer to the host name in the request.")

    static let uriTooLong = Problem(
        status: .uriTooLong, word: "uri_too_long", detail: "The path and query together must be at most 2000 bytes.")

    /// An internal failure, without details.
    package static let internalError = Problem(
        status: .internalServerError, word: "internal",
        detail: "Internal error. See the service's log under this request ID.")

    /// Nobody reads this, unless the client has only closed its sending side. It keeps clients that leave apart from
    /// failures in the metrics; nginx has the same number for them.
    static let clientLeft = Problem(
        status: .init(code: 499, reasonPhrase: "Client Closed Request"), word: "client_left",
        detail: "The connection was closed before the response was ready.")

    /// - Parameter detail: what is wrong, in whole sentences.
    package static func badRequest(_ detail: String) -> Problem {
        Problem(status: .badRequest, word: "bad_request", detail: detail)
    }

    static func unsupportedMediaType(_ detail: String) -> Problem {
        Problem(status: .unsupportedMediaType, word: "unsupported_media_type", detail: detail)
    }

    static func methodNotAllowed(allow: String) -> Problem {
        Problem(
            status: .methodNotAllowed, word: "method_not_allowed", detail: "This path allows \(allow).",
            headers: [.allow: allow])
    }

    /// A method that no path has (RFC 9110, section 15.6.2). What the path would allow is not looked up.
    static let unknownMethod = Problem(
        status: .notImplemented, word: "unknown_method", detail: "The service does not know this request method.")

    /// The rest of the body is not read, so the connection cannot be reused.
    static func bodyTooLarge(limit: Int) -> Problem {
        Problem(
            status: .contentTooLarge, word: "body_too_large", detail: "The body must be at most \(limit) bytes.",
            headers: [.connection: "close"])
    }

    static func tooManyFailures(retryAfter seconds: Int64) -> Problem {
        Problem(
            status: .tooManyRequests, word: "too_many_failures",
            detail: "Too many invalid keys from this address. A valid key is still accepted.",
            headers: [.retryAfter: String(seconds)])
    }

    static func tooManySignIns(retryAfter seconds: Int64) -> Problem {
        Problem(
            status: .tooManyRequests, word: "too_many_sign_ins",
            detail: "You have signed in too often within a minute. Wait a moment and try again.",
            headers: [.retryAfter: String(seconds)])
    }

    static func tooManyEvents(retryAfter pause: Duration) -> Problem {
        Problem(
            status: .tooManyRequests, word: "too_many_events",
            detail: "This organization exceeded its event rate limit. Nothing was changed.",
            headers: [.retryAfter: String(pause.wholeSeconds)])
    }

    /// Too many requests are in progress.
    static let overloaded = Problem(
        status: .serviceUnavailable, word: "overloaded",
        detail: "The service is overloaded. Try again later. Nothing was changed.",
        headers: [.retryAfter: "1"])

    package static let shuttingDown = Problem(
        status: .serviceUnavailable, word: "shutting_down",
        detail: "The service is shutting down. Try again later. Nothing was changed.",
        headers: [.retryAfter: "5"])

    package static let insufficientStorage = Problem(
        status: .insufficientStorage, word: "insufficient_storage",
        detail: "The service's disk is full. Existing data can still be read. Nothing was changed.",
        headers: [.retryAfter: "5"])

    /// All validation errors of a request.
    package static func invalid(_ errors: [ValidationError]) -> Problem {
        let count = errors.count == 1 ? "one validation error" : "\(errors.count) validation errors"
        return Problem(
            status: .badRequest, word: "invalid_input",
            detail: "The request has \(count), listed in errors. Nothing was changed.", errors: errors)
    }
}

extension HTTPResponse.Status {
    /// RFC 4918, section 11.5.
    package static let insufficientStorage = Self(code: 507, reasonPhrase: "Insufficient Storage")
}

extension Duration {
    /// Rounded up, so that a client that waits this long is not too early.
    fileprivate var wholeSeconds: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}

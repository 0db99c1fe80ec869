import HTTPTypes
import Hummingbird
import Notifications
import Repository

extension Problem {
    /// Any error as the client may see it; nil for an unexpected one.
    package init?(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as RepositoryError: self.init(error)
        case let error as InvalidInput: self = .invalid(error.errors)
        case let error as JSONError:
            self.init(
                status: .badRequest, word: "invalid_json", detail: "The body is not valid JSON.",
                errors: [ValidationError("body", error.message)])
        case let error as HTTPError: self.init(status: error.status)
        case is BodyTimedOut:
            self.init(
                status: .requestTimeout, word: "timeout", detail: "The body did not arrive in time.",
                headers: [.connection: "close"])
        default: return nil
        }
    }

    /// A repository error, without the texts that are for the log only.
    package init(_ error: RepositoryError) {
        switch error {
        case .unauthenticated: self = .unauthenticated
        case .notFound: self = .notFound
        case .forbidden(let text): self.init(status: .forbidden, word: "forbidden", detail: text)
        case .invalid(let error): self = .invalid(error.errors)
        case .staleVersion(let current):
            self.init(
                status: .preconditionFailed, word: "stale_version",
                detail: "This has changed in the meantime: its version is now \(current). Nothing was changed.",
                headers: [.eTag: "\"\(current)\""])
        case .conflict(let text): self.init(status: .conflict, word: "conflict", detail: text)
        case .alreadyCreated:
            self.init(
                status: .conflict, word: "conflict",
                detail: "This form has been sent before. What it creates has been created then.")
        case .idempotencyMismatch:
            self.init(
                status: .unprocessableContent, word: "idempotency_mismatch",
                detail: "This Idempotency-Key was already used with a different body. Nothing was changed.")
        case .noSpace: self = .insufficientStorage
        case .tooSlow: self = .tooMuchToRead
        case .busy: self = .tooManyReads
        case .abandoned: self = .clientLeft
        case .unavailable, .unreadable:
            // The text of the error is only for the log: it may contain file names and statements.
            self.init(
                status: .serviceUnavailable, word: "unavailable",
                detail: "The service is temporarily unavailable. Try again later.", headers: [.retryAfter: "1"])
        }
    }

    /// Hummingbird's own refusals, whose texts are not worth showing.
    private init(status: HTTPResponse.Status) {
        if status == .notFound {
            self = .notFound
        } else {
            self.init(status: status, word: "bad_request", detail: "The request is malformed.")
        }
    }
}

extension Problem {
    /// Not a 5xx: the same request would cost as much again and fail again.
    static let tooMuchToRead = Problem(
        status: .unprocessableContent, word: "too_much_to_read",
        detail: """
            This takes longer than 2 seconds to read. Narrow it: a shorter time (since and until), one channel, or one \
            test run.
            """)

    static let tooManyReads = Problem(
        status: .serviceUnavailable, word: "too_many_reads",
        detail: "This organization already has two long reads in progress, the maximum. Try again later.",
        headers: [.retryAfter: "2"])
}

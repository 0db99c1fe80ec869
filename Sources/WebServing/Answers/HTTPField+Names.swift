import HTTPTypes

extension HTTPField.Name {
    package static let idempotencyKey = Self(token: "Idempotency-Key")
    package static let idempotentReplayed = Self(token: "Idempotent-Replayed")
    static let rateLimit = Self(token: "X-Ratelimit-Limit")
    static let rateLimitLeft = Self(token: "X-Ratelimit-Remaining")
    static let rateLimitReset = Self(token: "X-Ratelimit-Reset")
    static let requestID = Self(token: "X-Request-Id")
    /// The first `Host` becomes the request's authority; any others stay under this name.
    static let secondHost = Self(token: "Host")

    /// For names that are literals in the code: all of them are tokens (RFC 9110, section 5.1).
    package init(token: String) {
        guard let name = Self(token) else { preconditionFailure("\(token) is no header name") }
        self = name
    }
}

import HTTPTypes

extension HTTPField.Name {
    static let idempotencyKey = Self(token: "Idempotency-Key")
    static let idempotentReplayed = Self(token: "Idempotent-Replayed")
    static let requestID = Self(token: "X-Request-Id")
    static let frameOptions = Self(token: "X-Frame-Options")
    static let openerPolicy = Self(token: "Cross-Origin-Opener-Policy")
    static let referrerPolicy = Self(token: "Referrer-Policy")
    static let resourcePolicy = Self(token: "Cross-Origin-Resource-Policy")
    static let secFetchMode = Self(token: "Sec-Fetch-Mode")
    static let secFetchSite = Self(token: "Sec-Fetch-Site")
    /// The first `Host` becomes the authority of the request; further ones stay under this name.
    static let secondHost = Self(token: "Host")

    /// For names that stand in this file: all of them are tokens (RFC 9110, section 5.1).
    private init(token: String) {
        guard let name = Self(token) else { preconditionFailure("\(token) is no header name") }
        self = name
    }
}

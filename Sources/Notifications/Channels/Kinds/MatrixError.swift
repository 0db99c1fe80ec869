/// Interprets Matrix's error codes (https://spec.matrix.org/latest/client-server-api/#standard-error-response).
enum MatrixError {
    static let rateLimited = Finding(
        "matrix.rate_limited", "The homeserver receives too many messages from this account.")

    static let table = ErrorTable(
        kind: "matrix", service: "The homeserver",
        rows: [
            .init("M_UNKNOWN_TOKEN", "unknown_token", .gone, "the access token has expired. Save a new one."),
            .init("M_MISSING_TOKEN", "missing_token", .gone, "the access token is missing. Save one."),
            .init(
                "M_FORBIDDEN", "forbidden", .gone, "the account may not write to the room. Invite it, and let it join."),
            .init(
                "M_USER_LOCKED", "account_locked", .gone, "the account is locked. Ask the homeserver's administrator."),
            .init("M_USER_SUSPENDED", "account_suspended", .gone, "the account is suspended. Use another one."),
            .init("M_USER_DEACTIVATED", "account_deactivated", .gone, "the account is deactivated. Use another one."),
            .init(
                "M_CONSENT_NOT_GIVEN", "consent_not_given", .gone,
                "the account has to agree to the homeserver's terms. Sign in with it once, and enable this channel."),
            .init(
                "M_RESOURCE_LIMIT_EXCEEDED", "resource_limit", .retry,
                "it has reached its limit of users. Ask its administrator."),
            .init("M_BAD_JSON", "bad_json", .refused, "it could not read this message. \(ErrorTable.report)"),
            .init("M_NOT_JSON", "bad_json", .refused, "it could not read this message. \(ErrorTable.report)"),
            .init("M_TOO_LARGE", "too_large", .refused, "this message is too large. \(ErrorTable.report)"),
            .init("M_NOT_FOUND", "not_found", .refused, "there is no such room. Check the room ID."),
            .init(
                "M_UNRECOGNIZED", "no_homeserver", .refused,
                "it does not know the request. Check the homeserver's address."),
        ])
}

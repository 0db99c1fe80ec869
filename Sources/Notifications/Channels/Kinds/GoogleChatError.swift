/// Interprets Google Chat's errors (https://developers.google.com/workspace/chat/api/reference/rest#errors, and what
/// clients have observed).
enum GoogleChatError {
    static let rateLimited = Finding(
        "googlechat.rate_limited",
        "Google Chat accepts one message per second for each space, which all its webhooks share.")

    /// Observed now and then at webhooks that work.
    static let unauthenticated = Finding(
        "googlechat.unauthenticated",
        "Google Chat did not recognize the webhook. It does so at times; if it persists, save a new webhook's link.")

    static let table = ErrorTable(
        kind: "googlechat", service: "Google Chat",
        rows: [
            .init("API_KEY_INVALID", "invalid_key", .gone, "the key in the address is wrong. \(remade)"),
            .init("PERMISSION_DENIED", "permission_denied", .gone, "the token in the address is wrong. \(remade)"),
            .init("NOT_FOUND", "not_found", .gone, "the space or the webhook was deleted. \(remade)"),
            .init(
                "INVALID_ARGUMENT", "invalid_argument", .refused,
                "it rejected this message. \(ErrorTable.report)"),
            .init("RESOURCE_EXHAUSTED", "rate_limited", .retry, "too many messages for the space."),
        ])

    private static let remade = "Add a new webhook to the space and save its link."

    /// A wrong key has the status of a wrong message, and a reason of its own among the details.
    static func isAboutTheKey(_ error: JSONValue?) -> Bool {
        (error?["details"]?.array ?? []).contains { $0["reason"] == .string("API_KEY_INVALID") }
    }
}

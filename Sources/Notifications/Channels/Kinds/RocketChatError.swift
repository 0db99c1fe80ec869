/// Interprets Rocket.Chat's errors, which are words or sentences.
enum RocketChatError {
    static let rateLimited = Finding("rocketchat.rate_limited", "The Rocket.Chat server receives too many requests.")

    static let table = ErrorTable(
        kind: "rocketchat", service: "Rocket.Chat",
        rows: [
            .init(
                "invalid-channel", "invalid_channel", .gone,
                "the integration's channel no longer exists. Change the integration and enable this channel again."),
            .init(
                "Invalid integration id or token", "invalid_token", .gone,
                "the integration was removed, or the token in the address is wrong. Save the address of a new one."),
            .init(
                "You must be logged in", "not_logged_in", .gone,
                "there is no integration at this address. Save the address of a new one."),
            .init(
                "error-running-script", "script_error", .refused,
                "the integration's script failed on this message. Check the script."),
            .init("error-too-many-requests", "rate_limited", .retry, "too many requests."),
        ])

    /// The server's limiter tells the millisecond since 1970 at which it starts anew.
    static func wait(_ answer: Answer) -> Duration? {
        let reset = answer.header("x-ratelimit-reset").flatMap { Int64($0) }.flatMap { milliseconds -> Duration? in
            guard (0...253_402_300_799_000).contains(milliseconds) else { return nil }
            return RetryAfter.until(Timestamp(microseconds: milliseconds * 1000), from: answer.at)
        }
        return [answer.retryAfter, reset].compactMap { $0 }.max()
    }
}

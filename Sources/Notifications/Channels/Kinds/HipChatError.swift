/// Interprets HipChat's error answers.
enum HipChatError {
    static let badRequest = Finding(
        "hipchat.bad_request",
        "HipChat rejected this message. The room is fine; please report this as a bug in Runbell.")

    static let unauthorized = Finding(
        "hipchat.unauthorized",
        "HipChat rejected the token: it is wrong or has expired. Create a new integration and save its address.")

    static let forbidden = Finding(
        "hipchat.forbidden",
        "The token lacks the scope send_notification. Create one that has it, and save its address.")

    static let roomNotFound = Finding(
        "hipchat.room_not_found", "The room does not exist. Save the address of another room's integration.")

    static let wrongAddress = Finding(
        "hipchat.wrong_address", "This is not the address of a room. Copy it again from the room's integration.")

    static let tooManyRequests = Finding(
        "hipchat.too_many_requests",
        "HipChat receives too many messages for this token or room.")

    /// HipChat sends the second at which its rate limits reset, for the token and for the room, and documents no
    /// `Retry-After`. The exhausted limit counts; the later of both if the answer does not tell.
    static func wait(_ answer: Answer) -> Duration? {
        let limits = ["X-Ratelimit", "X-FloodControl"].compactMap { limit -> (remaining: Int64?, wait: Duration)? in
            guard let second = answer.header("\(limit)-Reset").flatMap({ Int64($0) }),
                let wait = RetryAfter.until(second: second, from: answer.at)
            else { return nil }
            return (answer.header("\(limit)-Remaining").flatMap { Int64($0) }, wait)
        }
        let usedUp = limits.filter { ($0.remaining ?? 0) <= 0 }
        let waits = (usedUp.isEmpty ? limits : usedUp).map(\.wait) + [answer.retryAfter].compactMap { $0 }
        return waits.max()
    }
}

import Notifications

/// What Slack answers when a bot calls a method. Errors come with the status 200.
enum SlackMethods {
    static func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        let token = request.headers["authorization"] ?? ""
        guard token.startsWithBytes(of: "Bearer ") else { return says("not_authed") }
        guard token.startsWithBytes(of: "Bearer xoxb-") else { return says("invalid_auth") }
        guard request.isOf(type: "application/json"), request.json?.object != nil else { return says("invalid_json") }
        return request.json?["channel"]?.string?.isEmpty ?? true ? says("channel_not_found") : nil
    }

    /// A name of a channel is answered by its ID.
    static func success(_ request: ReceivedRequest, time: String) -> CannedAnswer {
        let channel = request.json?["channel"]?.string ?? ""
        let text = request.json?["text"] ?? ""
        return .json(
            200,
            [
                "ok": true, "channel": .string(channel.startsWithBytes(of: "C") ? channel : "C0123456789"),
                "ts": .string(time), "message": ["type": "message", "text": text, "ts": .string(time)],
            ])
    }

    static func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited: .json(429, ["ok": false, "error": "ratelimited"], retryAfter: 30)
        case .gone: says("channel_not_found")
        case .rejected: says("invalid_blocks")
        case .broken: .json(500, ["ok": false, "error": "internal_error"])
        }
    }

    static func says(_ word: String) -> CannedAnswer { .json(200, ["ok": false, "error": .string(word)]) }
}

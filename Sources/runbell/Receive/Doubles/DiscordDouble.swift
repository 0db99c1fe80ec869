import Notifications

/// Discord's webhooks answer 204, or the message if the address has `wait=true`. `PATCH` replaces a message.
struct DiscordDouble: ThreadingDouble {
    let kind = Discord().id
    let limit: RequestLimit? = RequestLimit(count: 5, seconds: 2)

    func owns(_ request: ReceivedRequest) -> Bool {
        request.parts.first?.sameBytes(as: "api") == true
            && request.parts.dropFirst().prefix(2).contains { $0.sameBytes(as: "webhooks") }
    }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        guard request.isOf(type: "application/json"), let body = request.json, body.object != nil else {
            return error(400, 50035, "Invalid Form Body")
        }
        let embeds = body["embeds"]?.array ?? []
        if body["content"] == nil, embeds.isEmpty { return error(400, 50006, "Cannot send an empty message") }
        let isTooLong = (body["content"]?.string ?? "").utf16.count > 2000 || embeds.count > 10
        let total = embeds.reduce(0) { $0 + Self.length(of: $1) }
        return isTooLong || total > 6000 || !embeds.allSatisfy(Self.fits) ? error(400, 50035, "Invalid Form Body") : nil
    }

    func messageID(of request: ReceivedRequest, number: Int) -> String {
        reference(in: request) ?? String(1_300_000_000_000_000_000 + number)
    }

    func reference(in request: ReceivedRequest) -> String? {
        guard request.method.sameBytes(as: "PATCH") else { return nil }
        let parts = request.parts.suffix(2)
        return parts.first?.sameBytes(as: "messages") == true ? parts.last.map(String.init) : ""
    }

    func unknownMessage(_ request: ReceivedRequest) -> CannedAnswer { error(404, 10008, "Unknown Message") }

    func success(_ request: ReceivedRequest, message id: String) -> CannedAnswer {
        let left: [Answer.Header] = [
            .init("X-RateLimit-Limit", "5"), .init("X-RateLimit-Remaining", "4"),
            .init("X-RateLimit-Reset-After", "0.400"),
        ]
        if !request.asks(for: "wait"), reference(in: request) == nil {
            return CannedAnswer(status: 204, headers: left)
        }
        let embeds = request.json?["embeds"] ?? []
        return .json(200, ["type": 0, "embeds": embeds, "id": .string(id), "channel_id": "1200000000000000001"])
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited:
            .json(
                429, ["message": "You are being rate limited.", "retry_after": .number(1.337), "global": false],
                retryAfter: 2)
        case .gone: error(404, 10015, "Unknown Webhook")
        case .rejected: error(400, 50035, "Invalid Form Body")
        case .broken: .text(502, "<html>502 Bad Gateway</html>", type: "text/html")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        guard let body = request.json else { return request.unreadable }
        let embed = body["embeds"]?.array?.first
        let parts = [body["content"], embed?["title"], embed?["description"]].compactMap { $0?.string }
        return parts.isEmpty ? "no text" : parts.joined(separator: ": ")
    }

    private func error(_ status: Int, _ code: Int64, _ message: String) -> CannedAnswer {
        .json(status, ["message": .string(message), "code": .integer(code)])
    }

    private static func length(of embed: JSONValue) -> Int {
        let fields = embed["fields"]?.array ?? []
        let texts =
            [embed["title"], embed["description"], embed["footer"]?["text"]]
            + fields.flatMap { [$0["name"], $0["value"]] }
        return texts.reduce(0) { $0 + ($1?.string?.utf16.count ?? 0) }
    }

    private static func fits(_ embed: JSONValue) -> Bool {
        let within = { (value: JSONValue?, limit: Int) in (value?.string?.utf16.count ?? 0) <= limit }
        let fields = embed["fields"]?.array ?? []
        return within(embed["title"], 256) && within(embed["description"], 4096)
            && within(embed["footer"]?["text"], 2048) && fields.count <= 25
            && fields.allSatisfy { field in
                within(field["name"], 256) && within(field["value"], 1024)
                    && field["name"]?.string?.isEmpty == false && field["value"]?.string?.isEmpty == false
            }
    }
}

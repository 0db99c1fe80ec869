import Notifications

/// Telegram's Bot API takes JSON and forms, and answers whether it succeeded, and why not in a sentence.
struct TelegramDouble: ThreadingDouble {
    let kind = Telegram().id
    let limit: RequestLimit? = RequestLimit(count: 20, seconds: 60)

    func owns(_ request: ReceivedRequest) -> Bool {
        request.path.startsWithBytes(of: "/bot")
            && (request.path.endsInBytes(of: "/sendMessage") || isChange(request))
    }

    func complaint(about request: ReceivedRequest) -> CannedAnswer? {
        guard value("chat_id", of: request) != nil else { return error(400, "Bad Request: chat not found") }
        let text = MarkedUpText.shown(value("text", of: request)?.string ?? "")
        if !text.hasVisibleCharacter { return error(400, "Bad Request: message text is empty") }
        return text.utf16.count > 4096 ? error(400, "Bad Request: message is too long") : nil
    }

    func messageID(of request: ReceivedRequest, number: Int) -> String {
        isChange(request) ? reference(in: request) ?? "" : String(number)
    }

    /// An answer that may be sent without what it answers needs nothing.
    func reference(in request: ReceivedRequest) -> String? {
        if isChange(request) { return value("message_id", of: request).map(Self.number) ?? "" }
        guard let reply = parameters(of: request), reply["allow_sending_without_reply"] != true else { return nil }
        return reply["message_id"].map(Self.number)
    }

    func unknownMessage(_ request: ReceivedRequest) -> CannedAnswer {
        error(
            400,
            isChange(request)
                ? "Bad Request: message to edit not found" : "Bad Request: message to be replied not found")
    }

    private func isChange(_ request: ReceivedRequest) -> Bool { request.path.endsInBytes(of: "/editMessageText") }

    /// An object, or a text with one in a form.
    private func parameters(of request: ReceivedRequest) -> JSONValue? {
        guard let value = value("reply_parameters", of: request) else { return nil }
        return value.string.map { (try? JSONValue.parse($0.utf8)) ?? .null } ?? value
    }

    private static func number(_ value: JSONValue) -> String { value.integer.map { String($0) } ?? value.string ?? "" }

    func success(_ request: ReceivedRequest, message id: String) -> CannedAnswer {
        .json(
            200,
            [
                "ok": true,
                "result": [
                    "message_id": .integer(Int64(id) ?? 0), "date": .integer(Clock.now.seconds),
                    "chat": ["id": .integer(chat(of: request)), "type": "supergroup", "title": "Load tests"],
                    "text": .string(MarkedUpText.shown(value("text", of: request)?.string ?? "")),
                ],
            ])
    }

    /// The chat's number, which Telegram answers even if the request has it as a text, or the chat's name.
    private func chat(of request: ReceivedRequest) -> Int64 {
        let asked = value("chat_id", of: request)
        return asked?.integer ?? asked?.string.flatMap { Int64($0) } ?? -1_001_234_567_890
    }

    func failure(_ failure: ForcedFailure) -> CannedAnswer {
        switch failure {
        case .rateLimited:
            .json(
                429,
                [
                    "ok": false, "error_code": 429, "description": "Too Many Requests: retry after 30",
                    "parameters": ["retry_after": 30],
                ], retryAfter: 30)
        case .gone: error(403, "Forbidden: bot was kicked from the group chat")
        case .rejected: error(400, "Bad Request: can't parse entities: Unsupported start tag")
        case .broken: error(500, "Internal Server Error")
        }
    }

    func summary(of request: ReceivedRequest) -> String {
        MarkedUpText.shown(value("text", of: request)?.string ?? "no text").replacingBytes(of: "\n", with: " · ")
    }

    /// A parameter, in whichever form.
    private func value(_ name: String, of request: ReceivedRequest) -> JSONValue? {
        request.json?[name] ?? request.field(name).map(JSONValue.string)
    }

    private func error(_ code: Int64, _ description: String) -> CannedAnswer {
        .json(Int(code), ["ok": false, "error_code": .integer(code), "description": .string(description)])
    }
}

import Notifications

/// What receivers answer, and texts that are shown or sent to them.
extension ForeignParser {
    static let answers = [
        ForeignParser(text: "retry-after", limit: 16 * 1024, seeds: dates) { text in
            _ = RetryAfter.parse(text, at: Timestamp(seconds: 1_795_428_750))
        },
        ForeignParser("answer", limit: 64 * 1024, seeds: ["429 60 ok", "400 1.5 invalid_payload", "404 1 no_service"]) {
            bytes in
            let parts = bytes.split(separator: UInt8(ascii: " "), maxSplits: 2)
            let texts = parts.map { String(decoding: $0, as: UTF8.self) }
            let value = texts.count > 1 ? texts[1] : ""
            let names = ["Retry-After", "X-RateLimit-Reset-After", "X-Ratelimit-Reset", "X-FloodControl-Remaining"]
            let answer = Answer(
                status: texts.first.flatMap { Int($0) } ?? 200, headers: names.map { .init($0, value) },
                body: Array(parts.last ?? []), at: Timestamp(seconds: 1_795_428_750))
            for kind in ChannelCatalogue.standard().kinds {
                _ = kind.verdict(on: answer)
                _ = kind.sentMessage(in: answer)
            }
        },
        ForeignParser(
            "blotted", limit: 64 * 1024, seeds: [secretPath, "/hooks/T0k3nOfTheHook%2", "%2568%256F\\u006bs"]
        ) { bytes in
            _ = KnownSecrets([secretPath, "Pa55wordOfTheRoom"]).blotted(bytes)
        },
        ForeignParser(text: "name-shown", limit: 10_000, seeds: ["Load test", "a\u{202E}b", "<b>&amp;</b> https://a/"])
        {
            text in
            _ = DisplayText.line(text)
            _ = DisplayText.cut(text, to: 150)
            _ = Masking.tail(of: text)
            _ = text.hasVisibleCharacter
            let run = LoadTestRun(
                status: .finished, userID: UserID(1), name: text, organizationID: OrganizationID(1),
                loadTestID: LoadTestID(1), id: LoadTestRunID(1), projectID: ProjectID(1))
            let notice = Notice(
                content: .testFinished(run), deliveryID: DeliveryID(at: Timestamp(seconds: 1)), attempt: 1,
                at: Timestamp(seconds: 1))
            for kind in ChannelCatalogue.standard().kinds { _ = kind.message(for: notice, settings: ChannelSettings()) }
        },
    ]

    private static let secretPath = "/hooks/T0k3nOfTheHook/x?sig=Zm9v-_bar77"

    private static let dates = [
        "120", "Mon, 23 Nov 2026 10:13:30 GMT", "Monday, 23-Nov-26 10:13:30 GMT", "Mon Nov  9 10:13:30 2026",
    ]
}

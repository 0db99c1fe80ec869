import Notifications
import Testing

@Suite struct WebHookTests {
    private let webHook = WebHook()
    private let old = SigningSecret()
    private let new = SigningSecret()

    @Test func sendsTheDocumentedHeaders() throws {
        let notice = Samples.notice(Samples.contents[1], attempt: 3)
        let request = webHook.message(for: notice, settings: Samples.settings("webhook"))
        let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        let secret = try #require(SigningSecret(Samples.secret))
        let signature = secret.signature(id: Samples.deliveryID.text, timestamp: Samples.at.seconds, body: request.body)
        #expect(
            headers == [
                "Content-Type": "application/json", "User-Agent": "LoadImpactWebHook/1.0",
                "X-LoadImpact-ID": Samples.deliveryID.text, "X-LoadImpact-Event": "test.started",
                "X-LoadImpact-Attempt": "3", "webhook-id": Samples.deliveryID.text,
                "webhook-timestamp": "1795428750", "webhook-signature": signature,
            ])
        #expect(request.method == .post)
    }

    @Test(arguments: ChannelKindContract.contents.indices)
    func sendsTheEventAsItCame(_ index: Int) {
        let content = ChannelKindContract.contents[index]
        let request = webHook.message(
            for: Samples.notice(content, runLink: Samples.runLink), settings: Samples.settings("webhook"))
        #expect(request.body == content.documentedJSON.compactBytes)
    }

    @Test func signsEachAttemptAnew() {
        let settings = Samples.settings("webhook")
        let later = Notice(
            content: Samples.contents[1], deliveryID: Samples.deliveryID, attempt: 2, at: Samples.at + .seconds(3600))
        let first = webHook.message(for: Samples.notice(Samples.contents[1]), settings: settings)
        let second = webHook.message(for: later, settings: settings)
        #expect(value("webhook-id", first) == value("webhook-id", second))
        #expect(value("webhook-timestamp", second) == "1795432350")
        #expect(value("webhook-signature", first) != value("webhook-signature", second))
    }

    @Test func signsWithBothSecretsDuringARotation() {
        let until = Samples.at.microseconds
        #expect(signers(until: until + 1) == [new, old].map(signature))
        #expect(signers(until: until) == [signature(new)])
        #expect(signers(until: until - 1) == [signature(new)])
        #expect(signers(until: nil) == [signature(new)])
    }

    @Test func anUnsavedDraftIsNotSigned() {
        let settings = Samples.settings(["url": "https://ci.example.org/"])
        let request = webHook.message(for: Samples.notice(.testNotificationChannel), settings: settings)
        #expect(value("webhook-signature", request) == nil)
        #expect(value("webhook-id", request) == Samples.deliveryID.text)
    }

    @Test(arguments: 200...299)
    func any2xxIsTaken(_ status: Int) {
        #expect(webHook.verdict(on: Samples.answer(status)) == .delivered)
    }

    @Test(arguments: [
        100, 199, 300, 301, 304, 400, 401, 403, 404, 405, 409, 411, 413, 415, 418, 422, 451, 501, 505, 599,
    ])
    func everythingElseIsTriedAgain(_ status: Int) {
        guard
            case .retry(let finding, let after) = webHook.verdict(on: Samples.answer(status, "", ("Retry-After", "7")))
        else {
            Issue.record("\(status) is tried again.")
            return
        }
        #expect(finding.code == "http.\(status)" && after == .seconds(7))
    }

    private func value(_ name: String, _ request: HTTPMessage) -> String? {
        request.headers.first { $0.name == name }?.value
    }

    private func signature(_ secret: SigningSecret) -> String {
        secret.signature(
            id: Samples.deliveryID.text, timestamp: Samples.at.seconds,
            body: EventContent.testNotificationChannel.json.compactBytes)
    }

    private func signers(until: Int64?) -> [String] {
        let settings = Samples.settings([
            "url": "https://ci.example.org/", "signing_secret": .string(new.reveal()),
            "previous_signing_secret": .string(old.reveal()), "previous_signing_secret_until": JSONValue(until),
        ])
        let request = webHook.message(for: Samples.notice(.testNotificationChannel), settings: settings)
        return value("webhook-signature", request)?.split(separator: " ").map(String.init) ?? []
    }
}

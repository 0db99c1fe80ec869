import Notifications
import Testing

@Suite struct SecrecyTests {
    private static let canary = "CANARY-hunter2-0123456789"

    @Test func aSecretIsNotPrinted() {
        let secret = Secret(Self.canary)
        #expect(secret.reveal() == Self.canary)
        for shown in shownForms(of: secret) { #expect(!shown.contains("CANARY")) }
        for shown in shownForms(of: ["nested": [secret]]) { #expect(!shown.contains("CANARY")) }
        #expect("\(secret)" == "[redacted]")
    }

    @Test func settingsPrintOnlyTheirKeys() {
        let settings = ChannelSettings(
            JSONObject([
                .init(key: "url", value: .string("https://example.org/\(Self.canary)")),
                .init(key: "auth_token", value: .string(Self.canary)),
            ]))
        for shown in shownForms(of: settings) {
            #expect(!shown.contains("CANARY"))
            #expect(shown.contains("auth_token"))
        }
        for shown in shownForms(of: Samples.channel(settings: settings)) { #expect(!shown.contains("CANARY")) }
        for shown in shownForms(of: ChannelDraft(kind: "slack", name: "Ops", settings: settings)) {
            #expect(!shown.contains("CANARY"))
        }
    }

    @Test func aSigningSecretIsNotPrinted() {
        let secret = SigningSecret()
        let body = secret.reveal().dropFirst(6)
        for shown in shownForms(of: secret) { #expect(!shown.contains(body.prefix(6))) }
    }

    @Test func maskingRevealsLittle() {
        #expect(Masking.tail(of: "short") == "…")
        #expect(Masking.tail(of: "0123456789abcdef") == "…cdef")
    }
}

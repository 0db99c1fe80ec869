import Foundation
import Testing

@testable import Notifications

@Suite struct KnownSecretsTests {
    private static let path = "/hooks/T0k3nOfTheHook/x?sig=Zm9v-_bar77"
    private static let secrets = KnownSecrets([path, "Pa55wordOfTheRoom"])

    private static func expectNothing(of secret: String, in text: String, _ story: String = "") {
        let shown = secrets.blotted(text)
        #expect(shown.contains(KnownSecrets.blot), "\(story): \(shown)")
        let bytes = Array(shown.utf8)
        let parts = Array(secret.utf8)
        for start in 0...(parts.count - 8) {
            #expect(!bytes.contains(parts[start..<start + 8]), "\(story): \(shown)")
        }
    }

    @Test func secretsThatAReceiverEchoesAreRedacted() {
        Self.expectNothing(of: Self.path, in: "Cannot POST \(Self.path)", "as it is")
        Self.expectNothing(of: "T0k3nOfTheHook", in: "no such hook: T0k3nOfTheHook.", "a segment")
        #expect(Self.secrets.blotted("Authorization: Bearer Pa55wordOfTheRoom!") == "Authorization: Bearer [redacted]!")
        #expect(Self.secrets.blotted("pA55WORDoFtHErOOM") == "[redacted]", "in the other case")
        #expect(Self.secrets.blotted("nothing of it") == "nothing of it")
    }

    @Test func partsOfEightBytesAreRedactedAndShorterOnesStay() {
        let secret = Array("Pa55wordOfTheRoom")
        for start in 0...(secret.count - 8) {
            let part = String(secret[start..<start + 8])
            #expect(Self.secrets.blotted("<\(part)>") == "<[redacted]>")
        }
        #expect(Self.secrets.blotted("Pa55word") == "[redacted]", "and nothing else")
        #expect(Self.secrets.blotted("<Pa55wor>") == "<Pa55wor>")
    }

    @Test func escapedSecretsAreRedacted() {
        let every = Self.path.utf8.map { byte in
            "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        Self.expectNothing(of: every, in: "<\(every)>", "percent")
        let twice = every.replacing("%", with: "%25")
        #expect(Self.secrets.blotted("<\(twice)>") == "<[redacted]>", "percent twice")
        #expect(Self.secrets.blotted(#"{"p":"\/hooks\/T0k3nOfTheHook\/x"}"#) == #"{"p":"[redacted]"}"#)
        let unicode = Self.path.utf8.map { "\\u00" + String($0, radix: 16) }.joined()
        #expect(Self.secrets.blotted("<\(unicode)>") == "<[redacted]>", "JSON by numbers")
        #expect(Self.secrets.blotted("&#x2f;hooks&#47;T0k3nOfTheHook&#X2F;x") == "[redacted]")
        #expect(Self.secrets.blotted("x?sig=Zm9v-_bar77&amp;b") == "[redacted]&amp;b")
    }

    /// A receiver's answer is cut after some bytes, wherever that is.
    @Test(arguments: ["&", "&a", "&quo", "&#", "&#x", "&#x2", "%", "%2", "\\", "\\u00"])
    func anEscapeThatIsCutOffStays(_ end: String) {
        #expect(Self.secrets.blotted("Pa55wordOfTheRoom is wrong\(end)") == "[redacted] is wrong\(end)")
    }

    @Test func base64SecretsAreRedactedAtAnyOffset() {
        for before in ["", "a", "ab", "abc", "user:"] {
            for after in ["", "x", "yz", ", and more"] {
                let coded = Data("\(before)Pa55wordOfTheRoom\(after)".utf8).base64EncodedString()
                let shown = Self.secrets.blotted("<\(coded)>")
                #expect(shown.contains("[redacted]"), "\(before) \(after)")
                // What remains on both sides are the bytes that share a base64 digit with neighboring text.
                let replaced = coded.utf8.count + 2 - shown.utf8.count + KnownSecrets.blot.utf8.count
                #expect(replaced >= 19, "\(shown)")
                let safe = coded.replacing("+", with: "-").replacing("/", with: "_")
                #expect(Self.secrets.blotted(safe).contains("[redacted]"))
            }
        }
    }

    @Test func secretsAreKnownFromSettingsAndPublicWordsStay() throws {
        var settings = ChannelSettings()
        settings["url"] = "https://chat.example.org/v2/room/4711/notification?auth_token=AbCdEfGh1234"
        settings["auth_token"] = "k3y"
        let kind = HipChat()
        let notice = Notice(
            content: .testNotificationChannel, deliveryID: Samples.deliveryID, attempt: 1, at: Samples.at)
        let secrets = KnownSecrets(of: kind.message(for: notice, settings: settings), settings: settings, kind: kind)
        #expect(secrets.blotted("no notification for AbCdEfGh1234") == "no notification for [redacted]")
        #expect(secrets.blotted("auth_token is missing") == "auth_token is missing")
        var hook = ChannelSettings()
        hook["url"] = "https://ci.example.org/x"
        hook["signing_secret"] = .string(Samples.secret)
        hook[WebHook.previousSecretKey] = "whsec_UHJldmlvdXNTZWNyZXRPZlRoZUhvb2s="
        let request = WebHook().message(for: notice, settings: hook)
        let known = KnownSecrets(of: request, settings: hook, kind: WebHook())
        #expect(known.blotted("UHJldmlvdXNTZWNyZXRP and \(Samples.secret)") == "[redacted] and whsec_[redacted]")
    }
}

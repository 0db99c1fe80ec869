import Foundation
import Notifications
import Testing

@Suite struct SigningSecretTests {
    /// Checked against an HMAC computed by hand and the standardwebhooks library.
    @Test func signsTheKnownVector() throws {
        let secret = try #require(SigningSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="))
        let signature = secret.signature(id: "msg_1", timestamp: 1_795_428_750, body: Array(#"{"a":1}"#.utf8))
        #expect(signature == "v1,r7N1SXGHGvdqVyEigVRbWgF2TqNFuiFttHMY8bkVeqM=")
    }

    @Test func everyPartChangesTheSignature() {
        let secret = SigningSecret()
        let signatures = [
            secret.signature(id: "a", timestamp: 1, body: [1]), secret.signature(id: "b", timestamp: 1, body: [1]),
            secret.signature(id: "a", timestamp: 2, body: [1]), secret.signature(id: "a", timestamp: 1, body: [2]),
            SigningSecret().signature(id: "a", timestamp: 1, body: [1]),
        ]
        #expect(Set(signatures).count == signatures.count)
    }

    @Test func generates32RandomBytes() throws {
        let text = SigningSecret().reveal()
        #expect(text.hasPrefix("whsec_"))
        #expect(Data(base64Encoded: String(text.dropFirst(6)))?.count == 32)
        #expect(SigningSecret(text)?.reveal() == text)
        #expect(SigningSecret().reveal() != text)
    }

    @Test(arguments: [24, 32, 64])
    func takes(_ count: Int) {
        #expect(SigningSecret("whsec_" + Data(repeating: 7, count: count).base64EncodedString()) != nil)
    }

    @Test(arguments: [0, 1, 23, 65, 100])
    func refusesLengths(_ count: Int) {
        #expect(SigningSecret("whsec_" + Data(repeating: 7, count: count).base64EncodedString()) == nil)
    }

    @Test(arguments: [
        "", "whsec_", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "WHSEC_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
        "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZW!=",
        "whsec_ MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "whpk_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    ])
    func refuses(_ text: String) {
        #expect(SigningSecret(text) == nil)
    }
}

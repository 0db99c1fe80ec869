import Notifications
import Testing

@Suite struct WebAddressTests {
    @Test(arguments: [
        ("https://example.com", true), ("http://example.com", true), ("HTTPS://example.com", true),
        ("https:/example.com", false), ("ftp://example.com", false), ("example.com", false), ("", false),
    ])
    func aWebAddressBeginsWithItsScheme(_ text: String, _ isOne: Bool) {
        #expect(WebAddress.isWritten(text) == isOne)
    }
}

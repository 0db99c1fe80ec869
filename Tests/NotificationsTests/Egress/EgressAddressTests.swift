import Notifications
import Testing

@Suite("Addresses and ranges")
struct EgressAddressTests {
    @Test(arguments: [
        ("127.0.0.1", true), ("127.255.255.255", true), ("128.0.0.1", false), ("::1", true), ("::2", false),
        ("::", false),
        ("fe80::1", false), ("::ffff:127.0.0.1", false),
    ])
    func `an address of this machine is told from others`(text: String, isLoopback: Bool) {
        #expect(IPAddress(text)?.isLoopback == isLoopback)
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("255.255.255.255", "255.255.255.255"), ("0.0.0.0", "0.0.0.0"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"), ("::", "::"), ("::ffff:127.0.0.1", "::ffff:127.0.0.1"),
    ])
    func `an address prints canonically`(text: String, canonical: String) {
        #expect(IPAddress(text)?.description == canonical)
    }

    @Test(arguments: [
        "", "127.1", "127.0.0", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.04", "0x7f.0.0.1", "2130706433", "1.2.3.",
        "1.2.3.4 ", "+1.2.3.4", "fe80::1%eth0", "1::2::3", ":::", "12345::", "::1\0", "[::1]", "١.1.1.1",
    ])
    func `other spellings are no addresses`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func `bytes are in network order`() {
        #expect(IPAddress("1.2.3.4")?.bytes == [1, 2, 3, 4])
        #expect(IPAddress("2001:db8::ff")?.bytes == [0x20, 0x01, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF])
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false), ("10.0.0.0/8", "a00::", false),
        ("0.0.0.0/0", "200.1.2.3", true), ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.6", false),
        ("fd00::/8", "fdff::1", true), ("fd00::/8", "fc00::1", false), ("::/0", "ff02::1", true),
        ("2001:db8::/64", "2001:db8::ffff:0:0:0", true), ("2001:db8::/65", "2001:db8::ffff:0:0:0", false),
        ("2001:db8::1/128", "2001:db8::1", true), ("2001:db8::1/128", "2001:db8::2", false),
    ])
    func `a range holds its addresses`(range: String, address: String, isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(try range.contains(#require(IPAddress(address))) == isInside)
    }

    @Test(arguments: [
        "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/+8", "/8", "10/8", "::1/64", "a.b/8",
        "10.0.0.0/8/8", "192.0.2.7/32/",
    ])
    func `an unclear range is refused`(text: String) {
        #expect(AddressRange(text) == nil)
    }

    /// First and last address of every block, and the neighbors on both sides.
    @Test(arguments: [
        ("0.255.255.255", false), ("1.0.0.0", true), ("9.255.255.255", true), ("10.0.0.0", false), ("11.0.0.0", true),
        ("100.63.255.255", true), ("100.64.0.0", false), ("100.127.255.255", false), ("100.128.0.0", true),
        ("126.255.255.255", true), ("127.0.0.0", false), ("127.255.255.255", false), ("128.0.0.0", true),
        ("169.253.255.255", true), ("169.254.0.0", false), ("169.254.255.255", false), ("169.255.0.0", true),
        ("172.15.255.255", true), ("172.16.0.0", false), ("172.31.255.255", false), ("172.32.0.0", true),
        ("191.255.255.255", true), ("192.0.0.0", false), ("192.0.0.255", false), ("192.0.1.0", true),
        ("192.0.2.0", false), ("192.0.3.0", true), ("192.31.196.1", false), ("192.52.193.1", false),
        ("192.88.99.1", false), ("192.88.98.255", true), ("192.167.255.255", true), ("192.168.0.0", false),
        ("192.169.0.0", true), ("192.175.48.6", false), ("198.17.255.255", true), ("198.18.0.0", false),
        ("198.19.255.255", false), ("198.20.0.0", true), ("198.51.100.5", false), ("203.0.113.5", false),
        ("223.255.255.255", true), ("224.0.0.0", false), ("239.255.255.255", false), ("240.0.0.0", false),
        ("255.255.255.255", false), ("168.63.129.16", false), ("168.63.129.17", true),
        ("::", false), ("::1", false), ("1fff:ffff::", false), ("2000::", true), ("2001::", false),
        ("2001:1ff:ffff::", false), ("2001:200::", true), ("2001:db7:ffff::", true), ("2001:db8::", false),
        ("2001:db9::", true), ("2001:ffff::", true), ("2002::", false), ("2003::", true), ("2620:4f:8000::1", false),
        ("3ffe:ffff::", true), ("3fff::", false), ("3fff:fff:ffff::", false), ("3fff:1000::", true), ("4000::", false),
        ("64:ff9b::808:808", false), ("fc00::1", false), ("fe80::1", false), ("ff02::1", false),
        ("::ffff:8.8.8.8", false),
    ])
    func `only the internet is public`(text: String, isPublic: Bool) throws {
        #expect(try #require(IPAddress(text)).isPublic == isPublic)
    }

    @Test(arguments: [
        "169.254.169.254", "169.254.170.2", "169.254.0.1", "100.100.100.200", "192.0.0.192", "168.63.129.16",
        "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42", "fe80::a9fe:a9fe", "::ffff:169.254.169.254",
        "::ffff:10.0.0.1", "::169.254.169.254", "::ffff:0:169.254.169.254", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::1",
    ])
    func `metadata is refused in every dress`(text: String) throws {
        let address = try #require(IPAddress(text))
        let all = EgressPolicy(
            allowedRanges: ["0.0.0.0/0", "::/0"].compactMap { AddressRange($0) }, isHTTPAllowed: true)
        #expect(address.isNeverAllowed)
        let host = text.contains(":") ? "[\(text)]" : text
        #expect(all.error(in: "http://\(host)/", rule: .any) != nil)
        #expect(try all.refusal(of: [address], for: OutboundURL(parsing: "http://a.example.com/")) != nil)
    }

    @Test(arguments: ["10.0.0.1", "127.0.0.1", "::1", "fd12::1", "64:ff9b::808:808", "2002:808:808::1"])
    func `an operator may allow what is private`(text: String) throws {
        #expect(try #require(IPAddress(text)).isNeverAllowed == false)
    }
}

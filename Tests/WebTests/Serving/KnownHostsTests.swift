import Testing

@testable import Web
@testable import WebServing

@Suite struct KnownHostsTests {
    @Test func thePublicNameAndFurtherOnesAreKnown() {
        let visibility = PageVisibility(
            origin: "https://runbell.example.com:8443", isLoopback: false, hosts: ["Runbell", "0.0.0.0"])
        let hosts = KnownHosts(visibility.hosts)
        for known in [
            "runbell.example.com", "RUNBELL.example.com:1", "localhost:65535", "runbell:8080", "localhost", "10.0.0.1",
            "[fd00::1]",
        ] {
            #expect(hosts.take(known), "\(known)")
        }
        for foreign in [
            "example.com", "a.runbell.example.com", "runbell.example.com.", "", ":80", "runbell:", "[]", "fd00::1",
            "[fd00::1]:80:80", "[fd00::1]80", "runbell:80:90",
        ] {
            #expect(hosts.take(foreign) == (foreign == "runbell:"), "\(foreign)")
        }
    }
}

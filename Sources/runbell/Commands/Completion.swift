import ArgumentParser
import Foundation

struct Completion: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a script that lets a shell complete commands and options.",
        discussion: """
            Examples:
              runbell completion bash > ~/.local/share/bash-completion/completions/runbell
              runbell completion zsh > "${fpath[1]}/_runbell"
              runbell completion fish > ~/.config/fish/completions/runbell.fish
            """)

    @Argument(
        help: "bash, zsh or fish (default: the one in SHELL).",
        transform: OptionValue.oneOf(CompletionShell.allCases.map(\.rawValue)))
    var shell: String?

    func run() throws {
        let name = shell ?? ProcessInfo.processInfo.environment["SHELL"]?.split(separator: "/").last.map(String.init)
        guard let name, let shell = CompletionShell(rawValue: name) else {
            throw CommandFailure(.usage, "say for which shell: runbell completion bash, zsh or fish")
        }
        Console.say(Runbell.completionScript(for: shell))
    }
}

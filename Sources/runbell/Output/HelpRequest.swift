import ArgumentParser

/// The words that name a command: `runbell channels list`, `runbell help channels list`. For an unknown one after
/// `help`, the argument parser shows the nearest page and exits with 0, which a script takes for success; elsewhere it
/// does not say which command may have been meant.
enum HelpRequest {
    /// Why the arguments name no command; nil if they do.
    static func failure(in arguments: [String], of root: any ParsableCommand.Type) -> CommandFailure? {
        let isHelp = arguments.first == "help"
        var command = root
        var path: [String] = []
        for word in arguments.dropFirst(isHelp ? 1 : 0) {
            // The rest are options and arguments.
            if word.hasPrefix("-") || command.configuration.subcommands.isEmpty { return nil }
            guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else {
                return word == "help" ? nil : unknown(word, after: path, of: command)
            }
            command = next
            path.append(word)
        }
        return nil
    }

    private static func unknown(
        _ word: String, after path: [String], of command: any ParsableCommand.Type
    ) -> CommandFailure {
        let known = command.configuration.subcommands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        let help = (["runbell help"] + path).joined(separator: " ")
        return CommandFailure(
            .usage,
            "unknown command \"\(word.printable)\".\(NearestWord.hint(word, among: known))\n"
                + "Usage: \(help) lists the commands.")
    }
}

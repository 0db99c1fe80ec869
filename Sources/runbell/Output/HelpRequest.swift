import ArgumentParser

/// `runbell help COMMAND…`. For an unknown command, the argument parser shows the nearest page and exits with 0, which
/// a script takes for success.
enum HelpRequest {
    /// The first word that is not a command; nil if all are, or if no help was requested.
    static func unknownCommand(in arguments: [String], of root: any ParsableCommand.Type) -> String? {
        guard arguments.first == "help" else { return nil }
        var command = root
        for word in arguments.dropFirst() where !word.hasPrefix("-") {
            guard let next = command.configuration.subcommands.first(where: { $0._commandName == word }) else {
                return word == "help" ? nil : word
            }
            command = next
        }
        return nil
    }
}

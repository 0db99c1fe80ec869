import ArgumentParser

/// `runbell help COMMAND…`. The argument parser shows the nearest page for a command that does not exist, and ends with 0,
/// which a script takes for success.
enum HelpRequest {
    /// The first word that names no command; nil when all do, or when no help is asked for.
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

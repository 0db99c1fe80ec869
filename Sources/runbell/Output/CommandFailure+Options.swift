import Notifications

extension CommandFailure {
    /// The same, with the options in its text whose values the service refused: `--limit (limit): …`.
    func naming(optionsAmong arguments: [String]) -> CommandFailure {
        var text = text
        for error in problem["errors"]?.array ?? [] {
            guard let field = error["field"]?.string, let option = Self.option(of: field, among: arguments) else {
                continue
            }
            text = text.replacingBytes(of: "\n  \(field): ", with: "\n  \(option) (\(field)): ")
        }
        return CommandFailure(exit, text, problem: problem)
    }

    /// The option among the arguments that sets the field; nil if none does.
    private static func option(of field: String, among arguments: [String]) -> String? {
        let parts = field.pieces(between: ".").map(String.init)
        guard let name = parts.last else { return nil }
        if parts.count > 1, parts[0].sameBytes(as: "settings"),
            arguments.contains(where: { $0.startsWithBytes(of: "\(name)=") })
        {
            return "--set \(name)"
        }
        return candidates(name).first { option in
            arguments.contains { $0.sameBytes(as: option) || $0.startsWithBytes(of: option + "=") }
        }
    }

    /// `channel_id` is set by `--channel`, `project_ids` by `--projects`, and `load_test_run_id` by `--run`.
    private static func candidates(_ name: String) -> [String] {
        let option = "--" + name.replacingBytes(of: "_", with: "-")
        return [
            option, option.replacingBytes(of: "-ids", with: "s"), option.replacingBytes(of: "-id", with: ""),
            option.replacingBytes(of: "load-test-run-id", with: "run"),
        ]
    }
}

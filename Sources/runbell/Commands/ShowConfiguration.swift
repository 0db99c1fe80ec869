import ArgumentParser
import Foundation
import Notifications

struct ShowConfiguration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the settings in effect, and where they come from.",
        discussion: """
            Example:
              RUNBELL_LISTEN=0.0.0.0:8080 runbell config

            Flags override the environment, which overrides the file (RUNBELL_CONFIG or --config), which overrides the \
            defaults. All invalid values are listed at once, with exit code 2. In the file, a setting such as \
            RUNBELL_EGRESS_ALLOW is {"egress": {"allow": ["10.0.0.0/8"]}}.
            """
    )

    @Flag(help: "Print JSON, for programs.")
    var json = false
    @Flag(help: "Explain every setting.")
    var explain = false
    @OptionGroup
    var configuration: ConfigurationOptions

    func run() throws {
        let settings = try Settings(file: configuration.config)
        if json {
            Console.say(JSONValue.array(Setting.all.map { Self.json($0, settings[$0]) }).compactText)
        } else if explain {
            Console.say(Setting.all.map(Self.explanation).joined(separator: "\n\n"))
        } else {
            Console.say(Self.table(settings))
        }
        for name in UnknownVariables.all(in: ProcessInfo.processInfo.environment) {
            Console.note("\(name) is set but is not a setting.")
        }
    }

    private static func table(_ settings: Settings) -> String {
        var table = Table("SETTING", "VALUE", "FROM")
        for setting in Setting.all {
            table.add(setting.environment, settings[setting].map { shown($0, of: setting) }, settings[setting]?.origin)
        }
        return table.text
    }

    private static func shown(_ value: Settings.Value, of setting: Setting) -> String {
        setting.isSecret ? Masking.tail(of: value.text) : setting.shown(value.text)
    }

    private static func json(_ setting: Setting, _ value: Settings.Value?) -> JSONValue {
        [
            "key": .string(setting.key),
            "environment": .string(setting.environment),
            "value": JSONValue(value.map { shown($0, of: setting) }),
            "origin": JSONValue(value?.origin),
            "secret": .bool(setting.isSecret),
            "help": .string(setting.help),
        ]
    }

    private static func explanation(_ setting: Setting) -> String {
        let fallback = setting.fallback.map { " Default: \($0)." } ?? ""
        let title = "\(setting.environment) (\(setting.scope.rawValue); in the file: \(setting.key))"
        return title + "\n  \(setting.help)\(fallback)"
    }
}

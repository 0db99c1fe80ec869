import Configuration
import Foundation
import Notifications

/// The effective settings: flags override the environment, which overrides the configuration file, which overrides the
/// default. An empty value counts as none.
struct Settings: Sendable {
    struct Value: Equatable, Sendable {
        let text: String
        /// `flag --listen`, `environment`, `file runbell.json` or `default`.
        let origin: String
    }

    private let values: [String: Value]
    /// What is wrong with the values that were left out, a line each.
    let leftOut: [String]

    /// Throws all errors at once. `flags` are keyed by setting.
    init(
        flags: [String: String] = [:], file: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) {
        let reading = Reading(flags, file, environment)
        let errors = reading.fileErrors + reading.errors.map(\.text)
        guard errors.isEmpty else { throw Self.invalid(.refused, errors) }
        (values, leftOut) = (reading.values, [])
    }

    /// Leaves out what is wrong with the environment and the file; throws only what is wrong with the command line.
    /// Nothing replaces a value that is left out, not even its default.
    init(
        tolerantly flags: [String: String], file: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) {
        let reading = Reading(flags, file, environment)
        let wrong = reading.errors.filter { flags[$0.key]?.isEmpty == false }.map(\.text)
        let errors = (file == nil ? [] : reading.fileErrors) + wrong
        guard errors.isEmpty else { throw Self.invalid(.usage, errors) }
        var values = reading.values
        for error in reading.errors { values[error.key] = nil }
        // The file may have named another service, and the key is not for the default one then.
        if !reading.fileErrors.isEmpty, values[Setting.url.key]?.origin == "default" { values[Setting.url.key] = nil }
        self.values = values
        leftOut = reading.fileErrors + reading.errors.map(\.text)
    }

    private static func invalid(_ exit: CommandExit, _ errors: [String]) -> CommandFailure {
        CommandFailure(exit, "invalid configuration\n" + errors.map { "  \($0)" }.joined(separator: "\n"))
    }

    subscript(_ setting: Setting) -> Value? { values[setting.key] }

    func text(_ setting: Setting) -> String? { values[setting.key]?.text }

    func number(_ setting: Setting) -> Int64? { text(setting).flatMap { Int64($0) } }
}

extension Settings {
    /// All values, and what is wrong with them.
    private struct Reading {
        var values: [String: Value] = [:]
        var fileErrors: [String] = []
        /// By the key of a setting.
        var errors: [(key: String, text: String)] = []

        init(_ flags: [String: String], _ file: String?, _ environment: [String: String]) {
            let path = file ?? environment["RUNBELL_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
            var sources = [Settings.source(flags), Settings.source(environment: environment)]
            if let path {
                do throws(InvalidInput) {
                    sources.append(Source(values: try ConfigurationFile.snapshot(of: path)) { _ in "file \(path)" })
                } catch {
                    fileErrors = error.errors.map { "\($0.field): \($0.message)" }
                }
            }
            for setting in Setting.all {
                guard let value = Settings.value(of: setting, in: sources) else { continue }
                values[setting.key] = value
                if let error = setting.error(value.text) {
                    errors.append((setting.key, "\(setting.environment) (\(value.origin)): \(error)"))
                }
            }
        }
    }

    private struct Source {
        let values: any ConfigSnapshot
        let origin: (Setting) -> String
    }

    private static func source(_ flags: [String: String]) -> Source {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (key, text) in flags {
            values[AbsoluteConfigKey(key.split(separator: ".").map(String.init))] = ConfigValue(
                .string(text), isSecret: true)
        }
        let provider = InMemoryProvider(name: "flags", values: values)
        return Source(values: provider.snapshot()) { "flag \($0.flag)" }
    }

    private static func source(environment: [String: String]) -> Source {
        let provider = EnvironmentVariablesProvider(environmentVariables: environment, secretsSpecifier: .all)
        return Source(values: provider.prefixKeys(with: "runbell").snapshot()) { _ in "environment" }
    }

    private static func value(of setting: Setting, in sources: [Source]) -> Value? {
        for source in sources {
            if let text = text(of: setting, in: source.values), !text.isEmpty {
                return Value(text: text, origin: source.origin(setting))
            }
        }
        return setting.fallback.map { Value(text: $0, origin: "default") }
    }

    /// A configuration file may contain `8080`, `true` or `["a", "b"]` where a flag only has text.
    private static func text(of setting: Setting, in values: any ConfigSnapshot) -> String? {
        let key = AbsoluteConfigKey(setting.path)
        for type in [ConfigType.string, .bool, .int, .stringArray, .intArray] {
            guard let value = try? values.value(forKey: key, type: type).value else { continue }
            switch value.content {
            case .string(let text): return text
            case .bool(let flag): return String(flag)
            case .int(let number): return String(number)
            case .stringArray(let items): return items.joined(separator: ",")
            case .intArray(let items): return items.map(String.init).joined(separator: ",")
            default: continue
            }
        }
        return nil
    }
}

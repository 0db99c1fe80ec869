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

    /// Throws all errors at once. `flags` are keyed by setting.
    init(
        flags: [String: String] = [:], file: String? = nil,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) {
        let path = file ?? environment["RUNBELL_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        var sources = [Self.source(flags), Self.source(environment: environment)]
        var errors: [String] = []
        if let path {
            do throws(InvalidInput) {
                sources.append(Source(values: try ConfigurationFile.snapshot(of: path)) { _ in "file \(path)" })
            } catch {
                errors += error.errors.map { "\($0.field): \($0.message)" }
            }
        }
        var values: [String: Value] = [:]
        for setting in Setting.all {
            guard let value = Self.value(of: setting, in: sources) else { continue }
            values[setting.key] = value
            if let error = setting.error(value.text) {
                errors.append("\(setting.environment) (\(value.origin)): \(error)")
            }
        }
        guard errors.isEmpty else {
            throw CommandFailure(
                .refused, "invalid configuration\n" + errors.map { "  \($0)" }.joined(separator: "\n"))
        }
        self.values = values
    }

    subscript(_ setting: Setting) -> Value? { values[setting.key] }

    func text(_ setting: Setting) -> String? { values[setting.key]?.text }

    func number(_ setting: Setting) -> Int64? { text(setting).flatMap { Int64($0) } }
}

extension Settings {
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

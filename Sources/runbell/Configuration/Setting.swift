/// A setting. Flags, environment variables, keys of the configuration file, validation, the output of `runbell config`
/// and what docs/cli.md must list are derived from it.
struct Setting: Sendable {
    enum Scope: String, Sendable {
        /// `serve`, `demo` and `migrate`.
        case service
        /// Commands that talk to a service.
        case client
        /// `watch`.
        case watch
    }

    /// The path in the configuration file: `["egress", "allow"]` is `{"egress": {"allow": …}}`.
    let path: [String]
    let scope: Scope
    /// The default; nil if there is none.
    let fallback: String?
    let isSecret: Bool
    /// One sentence.
    let help: String
    /// What is wrong with a value, as a whole sentence; nil if it is fine.
    let error: @Sendable (String) -> String?
    /// A value for people, if part of it may be secret.
    let shown: @Sendable (String) -> String

    init(
        _ path: String..., scope: Scope, fallback: String? = nil, isSecret: Bool = false, help: String,
        error: @escaping @Sendable (String) -> String? = { _ in nil },
        shown: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.path = path
        self.scope = scope
        self.fallback = fallback
        self.isSecret = isSecret
        self.help = help
        self.error = error
        self.shown = shown
    }

    /// `egress.allow`
    var key: String { path.joined(separator: ".") }
    /// `RUNBELL_EGRESS_ALLOW`
    var environment: String { "RUNBELL_" + path.joined(separator: "_").uppercased() }
    /// `--egress-allow`. The address of the service is not `--url`: that is the one of a channel.
    var flag: String {
        path == ["url"] ? "--service-url" : "--" + path.joined(separator: "-").replacing("_", with: "-")
    }
}

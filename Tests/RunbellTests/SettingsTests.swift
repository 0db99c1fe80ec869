import Foundation
import Testing

@testable import runbell

@Suite("Settings")
struct SettingsTests {
    private let file = TemporaryFile(
        #"{"listen": "0.0.0.0:9000", "egress": {"allow": ["10.0.0.0/8", "fd00::/8"], "http": true, "ports": [9000]}}"#)

    @Test("A flag wins over the environment, the environment over the file, the file over the default")
    func precedence() throws {
        let environment = ["RUNBELL_LISTEN": "127.0.0.1:2", "RUNBELL_DATA": "", "RUNBELL_CONFIG": file.path]
        let settings = try Settings(flags: ["log.level": "debug"], environment: environment)
        #expect(settings[.logLevel] == .init(text: "debug", origin: "flag --log-level"))
        #expect(settings[.listen] == .init(text: "127.0.0.1:2", origin: "environment"))
        #expect(settings[.egressAllow] == .init(text: "10.0.0.0/8,fd00::/8", origin: "file \(file.path)"))
        #expect(settings.text(.egressHTTP) == "true")
        #expect(settings.text(.egressPorts) == "9000")
        #expect(settings[.data] == .init(text: "./.runbell", origin: "default"), "an empty value counts as none")
        #expect(settings[.key] == nil)
    }

    @Test("All wrong values are reported at once, without secrets")
    func errors() throws {
        let environment = [
            "RUNBELL_LISTEN": "nowhere", "RUNBELL_EGRESS_ALLOW": "300.0.0.0/8", "RUNBELL_EGRESS_HTTP": "perhaps",
            "RUNBELL_DATABASE": "mysql://db", "RUNBELL_KEY": "rb_mis typed", "RUNBELL_LOG_LEVEL": "loud",
        ]
        let failure = try #require(throws: CommandFailure.self) { try Settings(environment: environment) }
        #expect(failure.exit == .refused)
        for name in environment.keys { #expect(failure.text.contains(name)) }
        #expect(failure.text.contains("postgres://… or postgresql:SERVICE"))
        #expect(!failure.text.contains("rb_mis typed"))
    }

    @Test("What is wrong outside the command line can be left out, and no default replaces it")
    func tolerance() throws {
        let environment = [
            "RUNBELL_EGRESS_HTTP": "maybe", "RUNBELL_TAGS": String(repeating: "x", count: 60), "RUNBELL_PROJECT": "abc",
            "RUNBELL_URL": "nowhere", "RUNBELL_USER": "7",
        ]
        let settings = try Settings(tolerantly: [:], environment: environment)
        #expect(settings.leftOut.count == 4 && settings.number(.user) == 7)
        for setting in [Setting.egressHTTP, .tags, .project, .url] { #expect(settings[setting] == nil) }
        let lost = try Settings(tolerantly: [:], environment: ["RUNBELL_CONFIG": "/nonexistent"])
        #expect(lost.leftOut.count == 1 && lost[.url] == nil)
        let wrong = try #require(throws: CommandFailure.self) {
            try Settings(tolerantly: ["tags": String(repeating: "x", count: 60)], environment: [:])
        }
        #expect(wrong.exit == .usage && wrong.text.contains("--tags"))
        let missing = try #require(throws: CommandFailure.self) {
            try Settings(tolerantly: [:], file: "/nonexistent", environment: [:])
        }
        #expect(missing.exit == .usage)
    }

    @Test(
        "A file that is missing, no JSON or with a key that nobody reads is refused",
        arguments: [
            "", "[]", #"{"lissen": "x"}"#, #"{"egress": {"alow": []}}"#, #"{"listen": "a:1", "listen": "b:2"}"#,
        ])
    func files(text: String) {
        let file = TemporaryFile(text)
        #expect(throws: CommandFailure.self) { try Settings(file: file.path, environment: [:]) }
        #expect(throws: CommandFailure.self) { try Settings(file: file.path + ".missing", environment: [:]) }
    }

    @Test("Keys, environment names and flags follow from one another and are unique")
    func catalog() {
        #expect(Set(Setting.all.map(\.environment)).count == Setting.all.count)
        #expect(Setting.egressAllow.environment == "RUNBELL_EGRESS_ALLOW")
        #expect(Setting.loadTest.environment == "RUNBELL_LOAD_TEST")
        #expect(Setting.loadTest.flag == "--load-test")
        #expect(Setting.all.filter(\.isSecret).map(\.key) == ["smtp.url", "key"])
    }

    @Test("Every setting is documented")
    func documentation() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/cli.md"), encoding: .utf8)
        for setting in Setting.all { #expect(page.contains("`\(setting.environment)`"), "\(setting.key)") }
    }

    @Test("Defaults are valid")
    func fallbacks() {
        for setting in Setting.all { #expect(setting.fallback.flatMap(setting.error) == nil, "\(setting.key)") }
    }

    @Test("An unknown variable with our prefix is reported")
    func unknown() {
        let environment = ["RUNBELL_EGRES_ALLOW": "x", "RUNBELL_DATA": "x", "PATH": "x", "RUNBELL_CONFIG": "x"]
        #expect(UnknownVariables.all(in: environment) == ["RUNBELL_EGRES_ALLOW"])
    }

    @Test("The service warns about what looks mistyped, and about nothing else")
    func mistyped() {
        let environment = [
            "RUNBELL_LISTN": "1", "RUNBELL_KEY": "x", "RUNBELL_URL": "x", "RUNBELL_BIN": "x", "RUNBELL_GOLDEN": "x",
            "RUNBELL_TEST_DATABASE": "x", "RUNBELL_SERVICE_HOST": "10.0.0.1", "RUNBELL_SERVICE_PORT": "8080",
            "RUNBELL_PORT_8080_TCP": "x", "RUNBELL_FUZZING": "x", "RUNBELL_TEST_POSTGRES": "no",
        ]
        let warnings = UnknownVariables.warnings(about: environment)
        #expect(warnings == ["RUNBELL_LISTN is set but is not a setting. Did you mean RUNBELL_LISTEN?"])
    }
}

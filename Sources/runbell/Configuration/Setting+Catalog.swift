import Notifications
import Web

extension Setting {
    static let all: [Setting] = service + client + watch

    static let service: [Setting] = [
        data, listen, database, egressAllow, egressHTTP, egressPorts, slackHosts, publicURL, hosts, eventsPerSecond,
        logLevel, metrics,
    ]
    static let client: [Setting] = [url, key]
    static let watch: [Setting] = [organization, project, loadTest, run, user, name]

    static let data = Setting(
        "data", scope: .service, fallback: "./.runbell",
        help: "The data folder: the database, the lock, the master key and operator.key.")
    static let listen = Setting(
        "listen", scope: .service, fallback: "127.0.0.1:8080",
        help: "Where the service listens: address and port; port 0 takes a free one.",
        mistake: { ListenAddress($0) == nil ? "An address and a port are expected, say 127.0.0.1:8080." : nil })
    static let database = Setting(
        "database", scope: .service, fallback: "sqlite:",
        help: "The database: sqlite: is the one in the data folder, sqlite:PATH another file.",
        mistake: { DatabaseAddress.mistake(in: $0) })
    static let egressAllow = Setting(
        "egress", "allow", scope: .service,
        help: "Networks that receivers may be in although they are private: 127.0.0.0/8,10.1.0.0/16.",
        mistake: { SettingChecks.egress(allow: $0) })
    static let egressHTTP = Setting(
        "egress", "http", scope: .service, fallback: "false",
        help: "Whether receivers may be addressed without TLS (true or false).",
        mistake: { SettingChecks.egress(http: $0) })
    static let egressPorts = Setting(
        "egress", "ports", scope: .service,
        help: "Ports that receivers may be on beside 80, 443, 8080 and 8443: 9000,9443.",
        mistake: { SettingChecks.egress(ports: $0) })
    static let slackHosts = Setting(
        "slack", "hosts", scope: .service,
        help: "Hosts beside Slack's own that speak its incoming webhook: 127.0.0.1:9000,chat.example.com.",
        mistake: { SettingChecks.egress(slackHosts: $0) })
    static let publicURL = Setting(
        "public", "url", scope: .service,
        help: "Where browsers find the pages, when that is not where the service listens: https://runbell.example.com.",
        mistake: { SettingChecks.origin($0) })
    static let hosts = Setting(
        "hosts", scope: .service,
        help: "Names beside the public one that the service is asked under: runbell,runbell.internal.",
        mistake: { SettingChecks.hosts($0) })
    static let eventsPerSecond = Setting(
        "events", "per_second", scope: .service, fallback: String(AdmissionLimits.usualEventsPerSecond),
        help: "How many events a second are taken from one organization; after a rest five times as many.",
        mistake: { SettingChecks.count($0) })
    static let logLevel = Setting(
        "log", "level", scope: .service, fallback: "info",
        help: "How much is logged: trace, debug, info, notice, warning, error or critical.",
        mistake: { SettingChecks.logLevel($0) })

    static let metrics = Setting(
        "metrics", scope: .service, fallback: "false",
        help: "Whether GET /metrics shows to everybody what is counted, for Prometheus (true or false).",
        mistake: { SettingChecks.flag($0) })

    static let url = Setting(
        "url", scope: .client, fallback: "http://127.0.0.1:8080",
        help: "Where the service is.",
        mistake: { SettingChecks.address($0) })
    static let key = Setting(
        "key", scope: .client, isSecret: true,
        help: "The key to come with. Better in the environment than on a command line, which others can see.",
        mistake: { SettingChecks.key($0) })

    static let organization = Setting(
        "organization", scope: .watch, help: "The organization's number.", mistake: { SettingChecks.number($0) })
    static let project = Setting(
        "project", scope: .watch, help: "The project's number.", mistake: { SettingChecks.number($0) })
    static let loadTest = Setting(
        "load_test", scope: .watch, help: "The load test's number.", mistake: { SettingChecks.number($0) })
    static let run = Setting(
        "run", scope: .watch, help: "The run's number. Left out: a fresh one, the milliseconds since 1970.",
        mistake: { SettingChecks.number($0) })
    static let user = Setting(
        "user", scope: .watch, help: "The number of the user who started the run.",
        mistake: { SettingChecks.number($0) })
    static let name = Setting(
        "name", scope: .watch, help: "The name of the load test.",
        mistake: { $0.hasVisibleCharacter && $0.utf8.count <= EventContent.nameBytes ? nil : "A name is expected." })
}

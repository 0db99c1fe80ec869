import Notifications
import WebServing

extension Setting {
    static let all: [Setting] = service + client + watch

    static let service: [Setting] = [
        data, listen, database, node, masterKeyFile, masterKeyCommand, operatorKeyFile, egressAllow, egressHTTP,
        egressPorts, slackHosts, serviceHosts, publicURL, hosts, eventsPerSecond, logLevel, metrics, smtpURL, smtpFrom,
        smtpCA,
    ]
    static let client: [Setting] = [url, key]
    static let watch: [Setting] = [
        organization, project, loadTest, run, user, name, runURL, commit, repository, branch, environmentName, tags,
    ]

    static let data = Setting(
        "data", scope: .service, fallback: "./.runbell",
        help: "The data folder: the database, the lock, the master key and operator.key.")
    static let listen = Setting(
        "listen", scope: .service, fallback: "127.0.0.1:8080",
        help: "The address and port to listen on; port 0 picks a free one.",
        error: { ListenAddress($0) == nil ? "Must be an address and a port, such as 127.0.0.1:8080." : nil })
    static let database = Setting(
        "database", scope: .service, fallback: "sqlite:",
        help: "The database: sqlite: for the one in the data folder, sqlite:PATH for another file, or postgres://….",
        error: { DatabaseAddress.error(in: $0) }, shown: { DatabaseAddress.shown($0) })
    static let node = Setting(
        "node", scope: .service,
        help: "The name of this process among those that share a database. Default: one kept in the data folder.",
        error: { NodeName.error(in: $0) })
    static let masterKeyFile = Setting(
        "master", "key_file", scope: .service,
        help: "A file with the master key, if it is not the data folder's: 32 bytes in Base64, the same for all nodes.")
    static let masterKeyCommand = Setting(
        "master", "key_command", scope: .service,
        help: "A shell command that prints the master key.")
    static let operatorKeyFile = Setting(
        "operator", "key_file", scope: .service,
        help: "A file with the operator's key, if it is not the data folder's.")
    static let egressAllow = Setting(
        "egress", "allow", scope: .service,
        help: "Private networks that receivers may be in: 127.0.0.0/8,10.1.0.0/16.",
        error: { SettingChecks.egress(allow: $0) })
    static let egressHTTP = Setting(
        "egress", "http", scope: .service, fallback: "false",
        help: "Allow receivers without TLS (true or false).",
        error: { SettingChecks.egress(http: $0) })
    static let egressPorts = Setting(
        "egress", "ports", scope: .service,
        help: "Ports that receivers may use besides 80, 443, 8080 and 8443: 9000,9443.",
        error: { SettingChecks.egress(ports: $0) })
    static let slackHosts = Setting(
        "slack", "hosts", scope: .service,
        help: "Hosts besides Slack's own that accept its incoming webhooks: 127.0.0.1:9000,chat.example.com.",
        error: SettingChecks.slackHosts)
    static let serviceHosts = Setting(
        "service", "hosts", scope: .service,
        help: "Hosts that stand in for a service's own: discord=127.0.0.1:9100,teams=gateway.example.com.",
        error: SettingChecks.serviceHosts)
    static let publicURL = Setting(
        "public", "url", scope: .service,
        help: "The public URL of the pages, if it is not where the service listens: https://runbell.example.com.",
        error: { SettingChecks.origin($0) })
    static let hosts = Setting(
        "hosts", scope: .service,
        help: "Host names that the service answers to besides the public one: runbell,runbell.internal.",
        error: { SettingChecks.hosts($0) })
    static let eventsPerSecond = Setting(
        "events", "per_second", scope: .service, fallback: String(AdmissionLimits.usualEventsPerSecond),
        help: "How many events per second one organization may post; five times as many in a burst.",
        error: { SettingChecks.count($0) })
    static let logLevel = Setting(
        "log", "level", scope: .service, fallback: "info",
        help: "The log level: trace, debug, info, notice, warning, error or critical.",
        error: { SettingChecks.logLevel($0) })

    static let metrics = Setting(
        "metrics", scope: .service, fallback: "false",
        help: "Serve metrics for Prometheus at GET /metrics, without a key (true or false).",
        error: { SettingChecks.flag($0) })

    static let smtpURL = Setting(
        "smtp", "url", scope: .service, isSecret: true,
        help: "The mail relay: smtp://HOST:587 (with STARTTLS) or smtps://HOST:465, with USER:PASSWORD@ if need be.",
        error: { SettingChecks.smtp(url: $0) })
    static let smtpFrom = Setting(
        "smtp", "from", scope: .service,
        help: "The address that mails come from: runbell@example.com.",
        error: { SettingChecks.smtp(from: $0) })
    static let smtpCA = Setting(
        "smtp", "ca", scope: .service,
        help: "A PEM file with the certificate authorities to trust for the mail relay, if not the system's.")

    static let url = Setting(
        "url", scope: .client, fallback: "http://127.0.0.1:8080",
        help: "The URL of the service.",
        error: { SettingChecks.address($0) })
    static let key = Setting(
        "key", scope: .client, isSecret: true,
        help: "The API key. Better in the environment than on a command line, which others can see.",
        error: { SettingChecks.key($0) })

    static let organization = Setting(
        "organization", scope: .watch, help: "The organization's ID.", error: { SettingChecks.number($0) })
    static let project = Setting(
        "project", scope: .watch, help: "The project's ID.", error: { SettingChecks.number($0) })
    static let loadTest = Setting(
        "load_test", scope: .watch, help: "The load test's ID. Default: one for each repository and name.",
        error: { SettingChecks.number($0) })
    static let run = Setting(
        "run", scope: .watch,
        help: "The run's ID. Default: one for each job of the CI service, or the milliseconds since 1970.",
        error: { SettingChecks.number($0) })
    static let user = Setting(
        "user", scope: .watch, help: "The ID of the user who started the run.",
        error: { SettingChecks.number($0) })
    static let name = Setting(
        "name", scope: .watch, help: "The name of the load test.",
        error: { $0.hasVisibleCharacter && $0.utf8.count <= EventContent.nameBytes ? nil : "Must be a name." })

    static let runURL = context(.runURL, "The address of the run's page, which notifications link to.")
    static let commit = context(.commit, "The commit that is tested: its full hash.")
    static let repository = context(.repository, "The repository: acme/shop.")
    static let branch = context(.branch, "The branch.")
    static let environmentName = context(.environment, "What is tested: staging.")
    static let tags = Setting(
        "tags", scope: .watch, help: "Up to \(RunContext.mostTags) short texts, separated by commas.",
        error: { SettingChecks.tags($0) })

    /// One of an event's additional fields, for `watch`.
    private static func context(_ key: RunContext.Key, _ help: String) -> Setting {
        Setting(key.rawValue, scope: .watch, help: help, error: { RunContext.error(in: $0, of: key) })
    }
}

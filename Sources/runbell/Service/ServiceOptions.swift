import ArgumentParser
import Foundation

/// Options of every command that opens the data folder.
struct ServiceOptions: ParsableArguments {
    @Option(help: "The data folder (RUNBELL_DATA; default ./.runbell).")
    var data: String?
    @Option(help: "Where to listen (RUNBELL_LISTEN; default 127.0.0.1:8080; port 0 picks a free one).")
    var listen: String?
    @Option(help: "The database; with a password, better in the environment (RUNBELL_DATABASE; default sqlite:).")
    var database: String?
    @Option(help: "The name of this process among those that share a database (RUNBELL_NODE).")
    var node: String?
    @Option(help: "A file with the master key (RUNBELL_MASTER_KEY_FILE; default: the data folder's).")
    var masterKeyFile: String?
    @Option(help: "A shell command that prints the master key (RUNBELL_MASTER_KEY_COMMAND).")
    var masterKeyCommand: String?
    @Option(help: "A file with the operator's key (RUNBELL_OPERATOR_KEY_FILE; default: the data folder's).")
    var operatorKeyFile: String?
    @Option(help: "Private networks that receivers may be in (RUNBELL_EGRESS_ALLOW).")
    var egressAllow: String?
    @Option(help: "Allow receivers without TLS: true or false (RUNBELL_EGRESS_HTTP).")
    var egressHttp: String?
    @Option(help: "Additional ports that receivers may use (RUNBELL_EGRESS_PORTS).")
    var egressPorts: String?
    @Option(help: "Hosts besides Slack's own that accept its webhooks (RUNBELL_SLACK_HOSTS).")
    var slackHosts: String?
    @Option(help: "Hosts that stand in for services, such as discord=127.0.0.1:9100 (RUNBELL_SERVICE_HOSTS).")
    var serviceHosts: String?
    @Option(help: "The public URL of the pages, such as https://runbell.example.com (RUNBELL_PUBLIC_URL).")
    var publicUrl: String?
    @Option(help: "Host names that the service answers to besides the public one (RUNBELL_HOSTS).")
    var hosts: String?
    @Option(help: "Events per second from one organization (RUNBELL_EVENTS_PER_SECOND; default 2000).")
    var eventsPerSecond: String?
    @Option(help: "The log level (RUNBELL_LOG_LEVEL; default info).")
    var logLevel: String?
    @Option(help: "Serve GET /metrics: true or false (RUNBELL_METRICS; default false).")
    var metrics: String?
    @Option(help: "The mail relay; with a password, better in the environment (RUNBELL_SMTP_URL).")
    var smtpUrl: String?
    @Option(help: "The address that mails come from (RUNBELL_SMTP_FROM).")
    var smtpFrom: String?
    @Option(help: "Certificate authorities for the mail relay, if not the system's (RUNBELL_SMTP_CA).")
    var smtpCa: String?
    @OptionGroup
    var configuration: ConfigurationOptions

    /// Also warns about variables that look like mistyped settings: they are ignored.
    func settings() throws(CommandFailure) -> Settings {
        for warning in UnknownVariables.warnings(about: ProcessInfo.processInfo.environment) {
            Console.complain(warning)
        }
        let given: [(Setting, String?)] = [
            (.data, data), (.listen, listen), (.database, database), (.node, node),
            (.masterKeyFile, masterKeyFile), (.masterKeyCommand, masterKeyCommand),
            (.operatorKeyFile, operatorKeyFile), (.egressAllow, egressAllow),
            (.egressHTTP, egressHttp), (.egressPorts, egressPorts), (.slackHosts, slackHosts),
            (.serviceHosts, serviceHosts), (.publicURL, publicUrl), (.hosts, hosts), (.logLevel, logLevel),
            (.metrics, metrics), (.eventsPerSecond, eventsPerSecond), (.smtpURL, smtpUrl), (.smtpFrom, smtpFrom),
            (.smtpCA, smtpCa),
        ]
        var flags: [String: String] = [:]
        for (setting, text) in given { flags[setting.key] = text }
        return try Settings(flags: flags, file: configuration.config)
    }
}

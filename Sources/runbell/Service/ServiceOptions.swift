import ArgumentParser

/// What every command has that opens the data folder.
struct ServiceOptions: ParsableArguments {
    @Option(help: "The data folder (RUNBELL_DATA; default ./.runbell).")
    var data: String?
    @Option(help: "Where to listen (RUNBELL_LISTEN; default 127.0.0.1:8080; port 0 takes a free one).")
    var listen: String?
    @Option(help: "The database (RUNBELL_DATABASE; default sqlite:, the one in the data folder).")
    var database: String?
    @Option(help: "Private networks that receivers may be in (RUNBELL_EGRESS_ALLOW).")
    var egressAllow: String?
    @Option(help: "Whether receivers may be without TLS: true or false (RUNBELL_EGRESS_HTTP).")
    var egressHttp: String?
    @Option(help: "Further ports that receivers may be on (RUNBELL_EGRESS_PORTS).")
    var egressPorts: String?
    @Option(help: "Hosts beside Slack's own that speak its webhook (RUNBELL_SLACK_HOSTS).")
    var slackHosts: String?
    @Option(help: "Where browsers find the pages, say https://runbell.example.com (RUNBELL_PUBLIC_URL).")
    var publicUrl: String?
    @Option(help: "Names beside the public one that the service is asked under (RUNBELL_HOSTS).")
    var hosts: String?
    @Option(help: "Events that are taken from one organization (RUNBELL_EVENTS_PER_SECOND; default 2000).")
    var eventsPerSecond: String?
    @Option(help: "How much is logged (RUNBELL_LOG_LEVEL; default info).")
    var logLevel: String?
    @Option(help: "Whether GET /metrics is there: true or false (RUNBELL_METRICS; default false).")
    var metrics: String?
    @OptionGroup
    var configuration: ConfigurationOptions

    func settings() throws(CommandFailure) -> Settings {
        let given: [(Setting, String?)] = [
            (.data, data), (.listen, listen), (.database, database), (.egressAllow, egressAllow),
            (.egressHTTP, egressHttp), (.egressPorts, egressPorts), (.slackHosts, slackHosts),
            (.publicURL, publicUrl), (.hosts, hosts), (.logLevel, logLevel), (.metrics, metrics),
            (.eventsPerSecond, eventsPerSecond),
        ]
        var flags: [String: String] = [:]
        for (setting, text) in given { flags[setting.key] = text }
        return try Settings(flags: flags, file: configuration.config)
    }
}

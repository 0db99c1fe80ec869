import Logging
import Notifications
import OutboundHTTP
import OutboundMail
import WebServing

/// The validated settings of a service.
struct ServicePlan: Sendable {
    let folder: DataFolder
    var listen: ListenAddress
    /// Whether the address was configured; otherwise it is the default.
    let isListenChosen: Bool
    let database: DatabaseAddress
    /// This process's name among those that share the database, if it is configured.
    let node: String?
    let keys: KeySources
    var policy: EgressPolicy
    var serviceHosts: ServiceHosts
    var logLevel: Logger.Level
    let eventsPerSecond: Int
    let showsMetrics: Bool
    /// Where browsers find the pages, if not where the service listens.
    let publicURL: String?
    /// Further host names that requests may use.
    let hosts: [String]
    /// The mail relay, and who mails come from; nil if none is configured.
    let mail: (relay: MailRelay, sender: MailSender)?

    init(_ settings: Settings) throws(CommandFailure) {
        folder = DataFolder(path: settings.text(.data) ?? ".runbell")
        listen = settings.text(.listen).flatMap(ListenAddress.init) ?? ListenAddress(host: "127.0.0.1", port: 8080)
        isListenChosen = settings[.listen]?.origin != "default"
        database =
            DatabaseAddress(settings.text(.database) ?? "", in: folder.path)
            ?? .sqlite(file: folder.path + "/runbell.db")
        node = settings.text(.node)
        keys = try KeySources(settings)
        policy = try Self.checked { () throws(InvalidInput) in
            try EgressPolicy(
                allow: settings.text(.egressAllow), http: settings.text(.egressHTTP), ports: settings.text(.egressPorts)
            )
        }
        serviceHosts = try Self.checked { () throws(InvalidInput) in
            try ServiceHosts(reading: settings.text(.serviceHosts), slack: settings.text(.slackHosts))
        }
        logLevel = settings.text(.logLevel).flatMap { Logger.Level(rawValue: $0) } ?? .info
        publicURL = settings.text(.publicURL)
        hosts = (settings.text(.hosts) ?? "").pieces(between: ",").map { String($0) }.filter { !$0.isEmpty }
        eventsPerSecond = settings.text(.eventsPerSecond).flatMap { Int($0) } ?? AdmissionLimits.usualEventsPerSecond
        showsMetrics = settings.text(.metrics) == "true"
        mail = try Self.mail(settings)
    }

    /// All or nothing: recipients need a page to confirm their address.
    private static func mail(_ settings: Settings) throws(CommandFailure) -> (MailRelay, MailSender)? {
        guard let url = settings.text(.smtpURL) else { return nil }
        guard let address = settings.text(.smtpFrom).flatMap({ MailAddress($0) }),
            let page = settings.text(.publicURL)
        else {
            throw CommandFailure(
                .refused, "RUNBELL_SMTP_URL needs RUNBELL_SMTP_FROM, and RUNBELL_PUBLIC_URL for the links in mails")
        }
        let relay = try checked { () throws(InvalidInput) in
            try MailRelay(url: url, authorities: settings.text(.smtpCA))
        }
        return (relay, MailSender(address: address, publicURL: page))
    }

    /// Where the master key comes from, for people.
    var masterKeySource: String { keys.master?.shown ?? folder.masterKey }
    /// Where the operator's key comes from, for people.
    var operatorKeySource: String { keys.operatorKey?.shown ?? folder.operatorKey }

    /// The channel kinds, with the settings applied.
    var kinds: ChannelCatalogue { .standard(hosts: serviceHosts, mail: mail?.sender, certificates: PEMReader()) }

    private static func checked<Value>(
        _ reading: () throws(InvalidInput) -> Value
    ) throws(CommandFailure) -> Value {
        do throws(InvalidInput) {
            return try reading()
        } catch {
            throw CommandFailure(.refused, error.errors.map(\.message).joined(separator: "\n"))
        }
    }
}

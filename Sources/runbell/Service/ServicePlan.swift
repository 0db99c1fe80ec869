import Logging
import Notifications

/// The settings of a service as values. They have passed their checks.
struct ServicePlan: Sendable {
    let folder: DataFolder
    var listen: ListenAddress
    /// Somebody asked for this address; otherwise it is the default one.
    let isListenChosen: Bool
    let databaseFile: String
    var policy: EgressPolicy
    var logLevel: Logger.Level

    init(_ settings: Settings) {
        folder = DataFolder(path: settings.text(.data) ?? ".runbell")
        listen = settings.text(.listen).flatMap(ListenAddress.init) ?? ListenAddress(host: "127.0.0.1", port: 8080)
        isListenChosen = settings[.listen]?.origin != "default"
        databaseFile = DatabaseAddress.file(settings.text(.database) ?? "sqlite:", in: folder.path)
        policy = EgressPolicy(
            allowedRanges: settings.list(.egressAllow).compactMap { AddressRange($0) },
            isHTTPAllowed: settings.flag(.egressHTTP),
            ports: EgressPolicy.defaultPorts.union(settings.list(.egressPorts).compactMap { Int($0) }),
            slackHosts: Set(settings.list(.slackHosts).map { $0.lowercased() }))
        logLevel = settings.text(.logLevel).flatMap { Logger.Level(rawValue: $0) } ?? .info
    }
}

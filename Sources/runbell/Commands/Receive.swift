import ArgumentParser
import Hummingbird
import Logging
import Notifications
import ServiceLifecycle
import UnixSignals

struct Receive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Receive notifications: show them, and check their signatures.",
        discussion: """
            Example:
              runbell receive --listen 127.0.0.1:9100 --secret whsec_…

            With --kind, every request is answered as that kind's service does: it refuses what the service refuses, \
            and keeps its rate limit. Otherwise the path tells: /discord/… for Discord and so on, or the services' own \
            paths; every other path is a web hook's. --fail answers with one of the service's errors. With --secret, a \
            web hook without a valid signature gets 401.

            With --kind email, it is a mail relay: RUNBELL_SMTP_URL=smtp://127.0.0.1:9100. A recipient whose name is \
            a word of --fail gets that answer: gone@example.org.

            The service sends to a private address like this one only with RUNBELL_EGRESS_ALLOW=127.0.0.0/8 and \
            RUNBELL_EGRESS_HTTP=true, and takes it for another service's with \
            RUNBELL_SERVICE_HOSTS=discord=127.0.0.1:9100.
            """)

    @Option(help: "Where to listen; port 0 picks a free one.") var listen = "127.0.0.1:9100"
    @Option(help: "The web hook's signing secret, whsec_…") var secret: String?
    @Option(help: "Stand in for the service of this kind only.") var kind: String?
    @Option(help: "Respond to everything with this error of the service, or not at all.") var fail: RequestedFailure?
    @Option(help: "Respond to everything with this status, to see retries.") var status: Int?
    @Flag(help: "Print one JSON object per line, for programs.") var json = false

    func validate() throws {
        if ListenAddress(listen) == nil {
            throw ValidationError("--listen needs an address and a port, such as 127.0.0.1:9100.")
        }
        if let secret, SigningSecret(secret) == nil {
            throw ValidationError("--secret must be whsec_ followed by Base64.")
        }
        if let kind, !isOfMail, ServiceDoubles.double(of: kind) == nil {
            let kinds = ServiceDoubles.all.map(\.kind) + [Self.mail]
            throw ValidationError("--kind must be one of \(kinds.joined(separator: ", ")).")
        }
        if isOfMail, secret != nil || status != nil {
            throw ValidationError("--secret and --status are for kinds that are sent by HTTP.")
        }
        if status != nil, fail != nil { throw ValidationError("Use --status or --fail, not both.") }
        if let status, !(200...599).contains(status) { throw ValidationError("--status must be from 200 to 599.") }
    }

    func run() async throws {
        guard let address = ListenAddress(listen) else { return }
        do {
            try await isOfMail ? receiveMail(on: address) : receive(on: address)
        } catch {
            throw CommandFailure(.refused, "cannot listen on \(listen): \(error)")
        }
    }

    private static let mail = Email().id
    private var isOfMail: Bool { kind?.sameBytes(as: Self.mail) ?? false }

    private func receive(on address: ListenAddress) async throws {
        let role = Receiver.Role(
            service: kind.flatMap(ServiceDoubles.double), failure: fail?.ofService, status: status, hangs: fail == .hang
        )
        let receiver = Receiver(secret: secret.flatMap(SigningSecret.init), role: role) { [json] arrival in
            Console.say(json ? arrival.json.compactText : arrival.text)
        }
        let application = receiver.application(on: address) { port in
            Console.note("Listening on \(ListenAddress(host: address.host, port: port).url); press Ctrl-C to stop.")
        }
        try await application.runService()
    }

    private func receiveMail(on address: ListenAddress) async throws {
        let receiver = MailReceiver(on: address, failure: fail) { port in
            Console.note("Listening on smtp://\(address.host):\(port); press Ctrl-C to stop.")
        } onArrival: { [json] arrival in
            Console.say(json ? arrival.json.compactText : arrival.text)
        }
        var logger = Logger(label: "receiver")
        logger.logLevel = .critical
        try await ServiceGroup(services: [receiver], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    }
}

import ArgumentParser
import Hummingbird
import Notifications

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

            The service sends to a private address like this one only with RUNBELL_EGRESS_ALLOW=127.0.0.0/8 and \
            RUNBELL_EGRESS_HTTP=true, and takes it for another service's with \
            RUNBELL_SERVICE_HOSTS=discord=127.0.0.1:9100.
            """)

    @Option(help: "Where to listen; port 0 picks a free one.") var listen = "127.0.0.1:9100"
    @Option(help: "The web hook's signing secret, whsec_…") var secret: String?
    @Option(help: "Stand in for the service of this kind only.") var kind: String?
    @Option(help: "Respond to everything with this error of the service.") var fail: ForcedFailure?
    @Option(help: "Respond to everything with this status, to see retries.") var status: Int?
    @Flag(help: "Print one JSON object per line, for programs.") var json = false

    func validate() throws {
        if ListenAddress(listen) == nil {
            throw ValidationError("--listen needs an address and a port, such as 127.0.0.1:9100.")
        }
        if let secret, SigningSecret(secret) == nil {
            throw ValidationError("--secret must be whsec_ followed by Base64.")
        }
        if let kind, ServiceDoubles.double(of: kind) == nil {
            throw ValidationError(
                "--kind must be one of \(ServiceDoubles.all.map(\.kind).joined(separator: ", ")).")
        }
        if status != nil, fail != nil { throw ValidationError("Use --status or --fail, not both.") }
        if let status, !(200...599).contains(status) { throw ValidationError("--status must be from 200 to 599.") }
    }

    func run() async throws {
        guard let address = ListenAddress(listen) else { return }
        let role = Receiver.Role(service: kind.flatMap(ServiceDoubles.double), failure: fail, status: status)
        let receiver = Receiver(secret: secret.flatMap(SigningSecret.init), role: role) { [json] arrival in
            Console.say(json ? arrival.json.compactText : arrival.text)
        }
        let application = receiver.application(on: address) { port in
            Console.note("Listening on \(ListenAddress(host: address.host, port: port).url); press Ctrl-C to stop.")
        }
        do {
            try await application.runService()
        } catch {
            throw CommandFailure(.refused, "cannot listen on \(listen): \(error)")
        }
    }
}

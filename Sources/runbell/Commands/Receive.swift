import ArgumentParser
import Hummingbird
import Notifications

struct Receive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Receive notifications: show them, and check their signatures.",
        discussion: """
            Example:
              runbell receive --listen 127.0.0.1:9100 --secret whsec_…

            Paths under /slack and /services respond like Slack (200 ok), /hipchat and /v2/room/…/notification like \
            HipChat (204), every other path like a web hook (200). With --secret, a web hook without a valid \
            signature gets 401. The service sends to a private address like this one only with \
            RUNBELL_EGRESS_ALLOW=127.0.0.0/8 and RUNBELL_EGRESS_HTTP=true.
            """)

    @Option(help: "Where to listen; port 0 picks a free one.") var listen = "127.0.0.1:9100"
    @Option(help: "The web hook's signing secret, whsec_…") var secret: String?
    @Option(help: "Respond to everything with this status, to see retries.") var status: Int?
    @Flag(help: "Print one JSON object per line, for programs.") var json = false

    func validate() throws {
        if ListenAddress(listen) == nil {
            throw ValidationError("--listen needs an address and a port, such as 127.0.0.1:9100.")
        }
        if let secret, SigningSecret(secret) == nil {
            throw ValidationError("--secret must be whsec_ followed by Base64.")
        }
        if let status, !(200...599).contains(status) { throw ValidationError("--status must be from 200 to 599.") }
    }

    func run() async throws {
        guard let address = ListenAddress(listen) else { return }
        let receiver = Receiver(secret: secret.flatMap(SigningSecret.init), forcedStatus: status) { [json] arrival in
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

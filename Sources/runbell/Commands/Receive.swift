import ArgumentParser
import Hummingbird
import Notifications

struct Receive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Be a receiver: show what notifications arrive, and check their signatures.",
        discussion: """
            Example:
              runbell receive --listen 127.0.0.1:9100 --secret whsec_…

            Paths under /slack and /services answer as Slack does (200 ok), /hipchat and /v2/room/…/notification as \
            HipChat does (204), every other path as a web hook (200). With --secret, a web hook without a valid \
            signature gets 401. A service sends to a private address like this one only with \
            RUNBELL_EGRESS_ALLOW=127.0.0.0/8 and RUNBELL_EGRESS_HTTP=true.
            """)

    @Option(help: "Where to listen; port 0 takes a free one.") var listen = "127.0.0.1:9100"
    @Option(help: "The web hook's signing secret, whsec_…") var secret: String?
    @Option(help: "Answer everything with this status, to see retries.") var status: Int?
    @Flag(help: "One JSON object a line, for programs.") var json = false

    func validate() throws {
        if ListenAddress(listen) == nil {
            throw ValidationError("--listen takes an address and a port: 127.0.0.1:9100.")
        }
        if let secret, SigningSecret(secret) == nil { throw ValidationError("--secret takes whsec_ and Base64.") }
        if let status, !(200...599).contains(status) { throw ValidationError("--status takes 200 to 599.") }
    }

    func run() async throws {
        guard let address = ListenAddress(listen) else { return }
        let receiver = Receiver(secret: secret.flatMap(SigningSecret.init), forcedStatus: status) { [json] arrival in
            Console.say(json ? arrival.json.compactText : arrival.text)
        }
        let application = receiver.application(on: address) { port in
            Console.note("Receives on \(ListenAddress(host: address.host, port: port).url); Ctrl-C ends it.")
        }
        do {
            try await application.runService()
        } catch {
            throw CommandFailure(.refused, "cannot listen on \(listen): \(error)")
        }
    }
}

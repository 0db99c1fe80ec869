import Notifications
import Repository

/// An attempt of a delivery: what was sent, what came back, and how long each part took.
struct AttemptView: Sendable {
    let number: Int
    let at: TimeView
    let state: StateView
    let status: String
    let duration: String
    let address: String
    let finding: String?
    /// What was decided then, in a sentence.
    let decision: String?
    let timings: TimingBarView
    let request: RequestView?
    /// The header fields, of a failed attempt.
    let answerHead: String?
    let answer: String?

    init(_ attempt: Attempt, next: Attempt?, of line: DeliveryLine, request: RedactedMessage?) {
        number = attempt.number
        at = TimeView(attempt.startedAt)
        state = StateView(verdict: attempt.verdict)
        status = attempt.status.map { "HTTP \($0)" } ?? "no response"
        duration = attempt.duration.short
        address = attempt.address ?? ""
        finding = attempt.finding?.text
        decision = Self.decision(attempt, next: next, of: line)
        timings = TimingBarView(attempt.timings)
        self.request = request.map { RequestView($0) }
        answerHead = attempt.answerHead
        answer = attempt.answer.flatMap { body in
            body.isEmpty ? nil : ReadableBody.text(String(decoding: body, as: UTF8.self))
        }
    }

    private static func decision(_ attempt: Attempt, next: Attempt?, of line: DeliveryLine) -> String? {
        if attempt.verdict.sameBytes(as: "delivered") { return nil }
        if let next { return "Decided to try again: attempt \(next.number) followed \(wait(attempt, next)) later." }
        let delivery = line.delivery
        switch delivery.state {
        case .due where line.isHeld: return "Held until the channel is resumed."
        case .due:
            return delivery.dueAt.map { "Decided to try again: the next attempt is due at \(TimeView($0).text) UTC." }
        case .failed: return "Not retried."
        default: return nil
        }
    }

    private static func wait(_ attempt: Attempt, _ next: Attempt) -> String {
        (next.startedAt - attempt.startedAt - attempt.duration).shortText
    }
}

/// A request, made again.
struct RequestView: Sendable {
    let head: String
    let body: String
    let curl: String?

    init(_ message: RedactedMessage) {
        let envelope = message.envelope.map(\.value).joined(separator: " ")
        head = ([envelope] + message.headers.map { "\($0.name): \($0.value)" }).joined(separator: "\n")
        body = ReadableBody.text(message.body)
        curl = CurlCommand.text(message)
    }
}

/// How long the parts of an attempt took, as one bar.
struct TimingBarView: Sendable {
    struct Part: Sendable {
        let name: String
        let value: String
        /// The class of its color.
        let style: String
        let x: Int
        let width: Int
    }

    let parts: [Part]

    private static let width = 600

    init(_ timings: Timings) {
        let known: [(String, String, Duration?)] = [
            ("DNS lookup", "resolve", timings.resolve), ("connect", "connect", timings.connect),
            ("TLS", "tls", timings.tls), ("response", "head", timings.head),
        ]
        let measured = known.compactMap { name, style, time in time.map { (name, style, $0) } }
        let sum = measured.reduce(Duration.zero) { $0 + $1.2 }
        let whole = max(1, max(sum, timings.total).microseconds)
        var parts: [Part] = []
        var x = 0
        for (name, style, time) in measured {
            let width = max(2, Int(time.microseconds * Int64(Self.width - 8) / whole))
            parts.append(Part(name: name, value: time.short, style: style, x: x, width: width))
            x += width
        }
        self.parts = parts
    }
}

import EventRouting
import Notifications

/// A message as sent, with secrets masked.
struct WireView: Sendable {
    let text: String

    init(_ message: RedactedMessage) {
        let envelope = message.envelope.map(\.value).joined(separator: " ")
        let headers = message.headers.map { "\($0.name): \($0.value)" }
        text = ([envelope] + headers).joined(separator: "\n") + "\n\n" + message.body
    }
}

/// The result of a Test Hook.
struct TestResultView: Sendable {
    struct Timing: Sendable {
        let name: String
        let value: String
    }

    let isDelivered: Bool
    let state: StateView
    /// What happened and what to do about it.
    let sentence: String
    let request: WireView
    /// `HTTP 200`, or nil without a response.
    let status: String?
    let headers: String
    let body: String?
    let timings: [Timing]

    private static let shownBytes = 2000

    init(_ report: TestReport) {
        isDelivered = report.verdict == .delivered
        state = StateView(test: report.verdict.word, report.verdict.finding)
        sentence = report.text
        request = WireView(report.message)
        switch report.exchange.result {
        case .answered(let answer):
            status = "\(report.message.transport) \(answer.status)"
            headers = answer.headers.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
            body = String(decoding: answer.body.prefix(Self.shownBytes), as: UTF8.self)
        case .failed:
            (status, headers, body) = (nil, "", nil)
        }
        let measured = report.exchange.timings
        let parts: [(String, Duration?)] = [
            ("DNS lookup", measured.resolve), ("connect", measured.connect), ("TLS", measured.tls),
            ("response", measured.head), ("total", measured.total),
        ]
        timings = parts.compactMap { name, time in time.map { Timing(name: name, value: $0.short) } }
    }
}

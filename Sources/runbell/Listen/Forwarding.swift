import Notifications

/// Sends events to the local address, each once.
struct Forwarding: Sendable {
    /// Nil if events are only shown.
    let hook: LocalWebHook?
    let transport: any HTTPTransport

    /// As long as the service waits for an answer.
    private static let deadline = Duration.seconds(15)

    /// What became of one event.
    struct Result: Sendable {
        let forwarded: ForwardedEvent?
        var status: Int?
        /// Why there is no answer, to end a sentence.
        var error: String?
        var duration: Duration?
        var isDelivered = false
    }

    /// - Parameter forwarded: nil for an event that this program cannot read.
    func forward(_ forwarded: ForwardedEvent?) async -> Result {
        var result = Result(forwarded: forwarded)
        guard let hook, let forwarded, forwarded.refusal == nil else { return result }
        let exchange = await transport.send(hook.message(for: forwarded, at: Clock.now), deadline: Self.deadline)
        result.duration = exchange.timings.total
        switch exchange.result {
        case .answered(let answer):
            result.status = answer.status
            result.isDelivered = hook.isDelivered(answer)
        case .failed(let failure): result.error = failure.text
        }
        return result
    }
}

extension Forwarding.Result {
    /// `{"event": …, "webhook_id": …, "status": 200, "duration_ms": 12, "error": null}`; `error` is also why the channel
    /// does not get the event.
    var json: JSONValue {
        [
            "event": forwarded?.event ?? .null, "webhook_id": forwarded.map { .string($0.deliveryID.text) } ?? .null,
            "status": status.map { .integer(Int64($0)) } ?? .null,
            "duration_ms": duration.map { .integer($0.microseconds / 1000) } ?? .null,
            "error": (error ?? forwarded?.refusal).map(JSONValue.string) ?? .null,
        ]
    }

    /// On one line: the event, and what the receiver answered.
    var text: String {
        guard let forwarded else { return "An event of a newer service cannot be shown." }
        let event = forwarded.event
        let time = event["received_at"]?.string?.dropFirst(11).prefix(8) ?? ""
        let name = (forwarded.content.run?.name ?? forwarded.content.message?.text ?? "").prefix(bytes: 60)
        let status = forwarded.content.run?.statusText ?? ""
        let parts = [
            "\(time)Z", "#\(event["sequence"]?.cell ?? "?")", forwarded.content.type.rawValue, status, name, ending,
        ]
        return parts.filter { !$0.isEmpty }.map(\.printable).joined(separator: "  ")
    }

    private var ending: String {
        if let refusal = forwarded?.refusal { return "not sent: \(refusal)" }
        if let error { return "→ no answer: \(error)" }
        guard let status else { return "" }
        return "→ \(status)\(isDelivered ? "" : ", not received") in \(duration?.shortText ?? "?")"
    }
}

extension Verdict {
    /// The meaning of an answer that the service's own table does not cover, for services with documented errors.
    /// `service` is the name for people.
    static func common(_ answer: Answer, service: String) -> Verdict {
        switch answer.status {
        case 200..<300:
            .refused(
                Finding(
                    "unexpected_answer",
                    "The response \(answer.status) is not what \(service) sends on success. Check the address."
                ))
        case 300..<400: .refused(.http(answer.status))
        case 410: .gone(.http(answer.status))
        case 408, 425, 429, 500...: .retry(.http(answer.status), after: answer.retryAfter)
        default: .refused(.http(answer.status))
        }
    }
}

extension Answer {
    /// The wait that the receiver asks for, by `Retry-After`, or by Discord's `X-RateLimit-Reset-After`, which has
    /// decimals and counts when nothing is left (https://docs.discord.com/developers/topics/rate-limits). The longer
    /// one, if both are present.
    var retryAfter: Duration? {
        let standard = header("Retry-After").flatMap { RetryAfter.parse($0, at: at) }
        return [standard, resetAfter].compactMap { $0 }.max()
    }

    private var resetAfter: Duration? {
        guard (header("X-RateLimit-Remaining").flatMap { Int64($0) } ?? 0) <= 0,
            let text = header("X-RateLimit-Reset-After"), Self.isDecimal(text), let seconds = Double(text)
        else { return nil }
        return min(.milliseconds(Int64((seconds * 1000).rounded(.up))), RetryAfter.limit)
    }

    /// At most nine digits before and after the point.
    private static func isDecimal(_ text: String) -> Bool {
        let parts = text.pieces(between: ".")
        return parts.count <= 2
            && parts.allSatisfy { part in
                (1...9).contains(part.utf8.count)
                    && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            }
    }
}

extension Finding {
    /// The finding for an HTTP status without further details. It does not say what happens next: deliveries are
    /// retried, test hooks are not.
    static func http(_ status: Int) -> Finding {
        Finding("http.\(status)", "The receiver returned \(status): \(advice(on: status))")
    }

    private static func advice(on status: Int) -> String {
        switch status {
        case 300..<400: "it redirects to another address. Runbell does not follow redirects; save the new address."
        case 401, 403: "access denied. Check the address and its token."
        case 404: "not found. Check the address."
        case 405: "it does not accept POST requests. Check the address."
        case 408: "it timed out while waiting for the request."
        case 410: "the address is permanently gone. Save a new one and enable the channel again."
        case 413: "the request is too large."
        case 429: "too many requests."
        case 400..<500: "it rejected the request. Check the address and the receiver's log."
        default: "server error. Check the receiver's log."
        }
    }
}

extension Verdict {
    /// What an answer means to a service with documented errors, when the service's own table has nothing on it
    /// (`service` is its name for people).
    static func common(_ answer: Answer, service: String) -> Verdict {
        switch answer.status {
        case 200..<300:
            .refused(
                Finding(
                    "unexpected_answer",
                    "The answer \(answer.status) is not the one that \(service) gives to what it takes. Check the address."
                ))
        case 300..<400: .refused(.http(answer.status))
        case 410: .gone(.http(answer.status))
        case 408, 425, 429, 500...: .retry(.http(answer.status), after: answer.retryAfter)
        default: .refused(.http(answer.status))
        }
    }
}

extension Answer {
    /// The wait that the receiver asks for.
    var retryAfter: Duration? {
        header("Retry-After").flatMap { RetryAfter.parse($0, at: at) }
    }
}

extension Finding {
    /// What an HTTP status says that comes without anything better.
    static func http(_ status: Int) -> Finding {
        Finding("http.\(status)", "The receiver answered \(status): \(advice(on: status))")
    }

    private static func advice(on status: Int) -> String {
        switch status {
        case 300..<400: "it points to another address. Redirects are not followed; save the address that it points to."
        case 401, 403: "it wants other credentials. Check the address and its token."
        case 404: "there is nothing at this address. Check the address."
        case 405: "it does not take POST at this address. Check the address."
        case 408: "it waited too long for the request. It is tried again."
        case 410: "the address is gone for good. Save a new one and enable the channel again."
        case 413: "the request is too large for it."
        case 429: "it gets too many requests. It is tried again later."
        case 400..<500: "it does not take the request. Check the address and the receiver's log."
        default: "it has trouble of its own. It is tried again; see the receiver's log."
        }
    }
}

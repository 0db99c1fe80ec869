extension HTTPMessage: OutboundMessage {
    package var host: String? { try? OutboundURL(parsing: url).host }

    package var redacted: RedactedMessage {
        RedactedMessage(
            transport: "HTTP",
            envelope: [.init("method", method.rawValue), .init("url", OutboundURL.masked(url))],
            headers: headers.map { .init($0.name, $0.isSecret ? Masking.tail(of: $0.value) : $0.value) },
            body: shownBody)
    }

    /// The body, with secret members masked.
    private var shownBody: String {
        guard !secretMembers.isEmpty, var object = json else { return String(decoding: body, as: UTF8.self) }
        for name in secretMembers {
            object[name] = object[name].map { .string(Masking.tail(of: $0.string ?? "")) }
        }
        return JSONValue.object(object).compactText
    }

    private var json: JSONObject? { (try? JSONValue.parse(body))?.object }

    private var secretsInBody: [[UInt8]] {
        guard !secretMembers.isEmpty, let object = json else { return [] }
        return secretMembers.compactMap { object[$0]?.string }.map { Array($0.utf8) }
    }

    package var secrets: [[UInt8]] {
        KnownSecrets.parts(ofAddress: url) + headers.filter(\.isSecret).map { Array($0.value.utf8) }
            + secretsInBody
    }

    package func send(
        by transports: Transports, for payer: OrganizationID?, deadline: Duration
    ) async -> Exchange {
        await transports.http.send(self, for: payer, deadline: deadline)
    }

    package func failure(_ answer: Answer, _ verdict: Verdict) -> ChannelHealth.Failure? {
        switch verdict {
        case .delivered, .postponed: nil
        case .retry: answer.isOfSomethingElse || answer.isOfAGateway ? .absent : .failing
        case .refused: answer.isRejection ? .rejected : .unfit
        case .gone: .failing
        }
    }
}

extension Answer {
    fileprivate var isRejection: Bool { [401, 403, 404].contains(status) }

    /// Bad gateway, service unavailable, gateway timeout (RFC 9110, 15.6.3 to 15.6.5): a gateway answered instead of
    /// the receiver.
    fileprivate var isOfAGateway: Bool { (502...504).contains(status) }

    /// A web hook is retried after any 3xx and 4xx, since a deploy may be in progress; if that persists, the receiver
    /// is gone.
    fileprivate var isOfSomethingElse: Bool {
        (300..<500).contains(status) && ![408, 425, 429].contains(status)
    }
}

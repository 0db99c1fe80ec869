/// Sends messages by HTTP. Never throws: an unreachable receiver is a result.
package protocol HTTPTransport: Sendable {
    /// Sends a request. Look-up, connecting, TLS, head and body together end by `deadline`. Shared resources are
    /// charged to `payer`; nil is the installation itself.
    func send(_ request: HTTPMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange
}

extension HTTPTransport {
    /// Sends a request on behalf of the installation itself.
    package func send(_ request: HTTPMessage, deadline: Duration) async -> Exchange {
        await send(request, for: nil, deadline: deadline)
    }
}

/// The result of sending one message.
package struct Exchange: Equatable, Sendable {
    package let result: ExchangeResult
    /// The IP address connected to, without the port; nil if there was no connection.
    package let address: String?
    package let timings: Timings

    package init(result: ExchangeResult, address: String? = nil, timings: Timings = Timings()) {
        self.result = result
        self.address = address
        self.timings = timings
    }
}

/// An answer, or why there is none.
package enum ExchangeResult: Equatable, Sendable {
    case answered(Answer)
    case failed(TransportFailure)
}

/// How long each part took; nil if it did not happen (a reused connection needs no connect).
package struct Timings: Equatable, Sendable {
    package var resolve: Duration?
    package var connect: Duration?
    package var tls: Duration?
    /// From the request's last byte to the answer's head.
    package var head: Duration?
    package var total: Duration

    package init(
        resolve: Duration? = nil, connect: Duration? = nil, tls: Duration? = nil, head: Duration? = nil,
        total: Duration = .zero
    ) {
        self.resolve = resolve
        self.connect = connect
        self.tls = tls
        self.head = head
        self.total = total
    }
}

/// Why there was no answer.
package enum TransportFailure: Error, Equatable, Sendable {
    /// The egress policy refused the address for good. The text says why, without the IP address behind a name.
    case refused(String)
    /// Nothing was sent because of a local fault; the text says why.
    case local(LocalFault, String)
    /// The name does not exist, or its name server did not answer.
    case resolving(String)
    case connecting(String)
    /// Handshake or certificate.
    case tls(String)
    /// The receiver asks for a client certificate, or does not accept the channel's.
    case clientCertificate(String)
    /// The deadline passed.
    case timedOut(Phase)
    /// The connection ended before the answer did.
    case disconnected
    /// The answer is not HTTP/1.1, or its head exceeds the limits.
    case malformed(String)

    /// What was in progress when the deadline passed.
    package enum Phase: String, Sendable {
        case resolving, connecting, tls, sending, waiting, reading
    }
}

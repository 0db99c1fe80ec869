/// The way out by HTTP. It never throws: that a receiver could not be reached is a value.
package protocol HTTPTransport: Sendable {
    /// Sends a request. Resolving, connecting, TLS, head and body together end by `deadline`. What it takes of what all
    /// share is charged to `payer`; nil is the installation itself.
    func send(_ request: HTTPMessage, for payer: OrganizationID?, deadline: Duration) async -> Exchange
}

extension HTTPTransport {
    /// Sends a request for the installation itself.
    package func send(_ request: HTTPMessage, deadline: Duration) async -> Exchange {
        await send(request, for: nil, deadline: deadline)
    }
}

/// One message and what came of it.
package struct Exchange: Equatable, Sendable {
    package let result: ExchangeResult
    /// The address that was dialled, without the port; nil when it did not come to that.
    package let address: String?
    package let timings: Timings

    package init(result: ExchangeResult, address: String? = nil, timings: Timings = Timings()) {
        self.result = result
        self.address = address
        self.timings = timings
    }
}

package enum ExchangeResult: Equatable, Sendable {
    case answered(Answer)
    case failed(TransportFailure)
}

/// How long each part took; nil where it did not happen (a kept connection needs no connect).
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

/// Why there is no answer.
package enum TransportFailure: Error, Equatable, Sendable {
    /// The address guard refused for good; the text says what for, without the address behind a name.
    case refused(String)
    /// Nothing was sent, because of this side; the text says why.
    case local(LocalFault, String)
    /// The name was not found, or its server did not answer.
    case resolving(String)
    case connecting(String)
    /// Handshake or certificate.
    case tls(String)
    /// The deadline came.
    case timedOut(Phase)
    /// The connection ended before the answer did.
    case disconnected
    /// What came is no HTTP/1.1 answer, or its head is over the limits.
    case malformed(String)

    package enum Phase: String, Sendable {
        case resolving, connecting, tls, sending, waiting, reading
    }
}

/// A message as a kind makes it, ready to go out. What the service does around the sending (limits, health, previews, the
/// hiding of secrets) reads what stands here; only the kind that made the message and the transport that takes it know
/// more of it.
///
/// It is a protocol and no list of cases, so that another way out is its message, its transport and a line in
/// `Transports`, and nothing that reads messages changes.
package protocol OutboundMessage: Equatable, Sendable {
    /// The host that it goes to, for the limit that all channels of a receiver share; nil when the address cannot be
    /// read. Whether the address may be dialled is judged by the transport, at each sending.
    var host: String? { get }
    /// What goes over the wire, secrets masked.
    var redacted: RedactedMessage { get }
    /// What the receiver gets to know by it and others must not, as bytes: to be blotted out of what comes back.
    var secrets: [[UInt8]] { get }

    /// Sends it by the transport of its sort. All of it ends by `deadline`; what it takes of what all share is charged
    /// to `payer`.
    func send(by transports: Transports, for payer: OrganizationID?, deadline: Duration) async -> Exchange

    /// What an answer says of the receiver, by the rules of the message's protocol; nil when the message arrived.
    func failure(_ answer: Answer, _ verdict: Verdict) -> ChannelHealth.Failure?
}

/// The ways out, one for each sort of message.
package struct Transports: Sendable {
    package let http: any HTTPTransport

    package init(http: any HTTPTransport) {
        self.http = http
    }
}

/// A message as it may be shown: secrets masked.
package struct RedactedMessage: Equatable, Sendable {
    package struct Line: Equatable, Sendable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The protocol's name, for people: `HTTP`.
    package let transport: String
    /// What stands above the headers, in its order: `method` and `url` of a request. The names are those of the API.
    package let envelope: [Line]
    package let headers: [Line]
    package let body: String

    package init(transport: String, envelope: [Line], headers: [Line], body: String) {
        self.transport = transport
        self.envelope = envelope
        self.headers = headers
        self.body = body
    }
}

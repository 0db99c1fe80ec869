/// A message made by a kind, ready to send. What the service does around sending (limits, health, previews, redaction)
/// uses only what is declared here; only the kind that made the message and its transport know more.
///
/// A protocol rather than an enum: a new transport adds its message, itself and a line in `Transports`, and nothing
/// that reads messages changes.
package protocol OutboundMessage: Equatable, Sendable {
    /// The receiver's host, for the limit that all channels of a host share; nil if the address cannot be read. The
    /// transport decides for each request whether it may connect there.
    var host: String? { get }
    /// What is sent, with secrets masked.
    var redacted: RedactedMessage { get }
    /// The secrets that the receiver sees and others must not, as bytes, to be redacted from the answer.
    var secrets: [[UInt8]] { get }

    /// Sends the message with its transport, and ends by `deadline`. Shared resources are charged to `payer`. Never
    /// throws: failing to send is a result.
    func send(by transports: Transports, for payer: OrganizationID?, deadline: Duration) async -> Exchange

    /// What an answer says about the receiver, by the rules of the message's protocol; nil if the message was
    /// delivered.
    func failure(_ answer: Answer, _ verdict: Verdict) -> ChannelHealth.Failure?
}

/// The transports, one for each kind of message.
package struct Transports: Sendable {
    package let http: any HTTPTransport
    /// Nil if the operator has configured no mail relay.
    package let mail: (any MailTransport)?

    package init(http: any HTTPTransport, mail: (any MailTransport)? = nil) {
        self.http = http
        self.mail = mail
    }
}

/// A message with secrets masked.
package struct RedactedMessage: Equatable, Sendable {
    /// A name and a value.
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
    /// The lines above the headers, in order: `method` and `url` of a request. The names are those of the API.
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

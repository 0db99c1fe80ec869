/// What one answer, one name and all kept connections may cost.
package struct OutboundLimits: Sendable {
    /// Of an answer's body; what is longer is cut, and the connection closed.
    package var bodyBytes = 64 * 1024
    /// Of what was read of the body, the first bytes are kept: many receivers that stop just below the limit cost little.
    package var bodyBytesKept = 4 * 1024
    /// Names and values of an answer's header fields together.
    package var headBytes = 16 * 1024
    package var headFields = 64
    /// Answers like `100 Continue` before the one that counts.
    package var informationalAnswers = 8
    package var idleConnectionsPerTarget = 64
    package var idleConnections = 512
    package var idleLifetime: Duration = .seconds(30)
    /// How long a name's addresses are kept; zero asks every time.
    package var nameLifetime: Duration = .seconds(60)
    /// `getaddrinfo` cannot be cancelled: so many names are asked for at a time.
    package var resolverThreads = 16

    package init() {}

    /// All bytes of one answer as they come from the network, with chunk sizes, reason phrase and the rest that no
    /// other limit counts. Eight times the body leaves room for a body sent in chunks of a single byte.
    var wireBytes: Int { 8 * (bodyBytes + headBytes) }
}

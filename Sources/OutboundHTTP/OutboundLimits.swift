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
    /// A connection that has been idle for longer is not used.
    package var idleLifetime: Duration = .seconds(30)
    /// How often such connections are closed.
    package var idleSweep: Duration = .seconds(10)
    /// How long a name's addresses are kept; zero asks every time.
    package var nameLifetime: Duration = .seconds(60)
    /// How long a name's failure is kept. Each further one in a row counts for twice as long, up to a minute.
    package var nameFailureLifetime: Duration = .seconds(5)
    /// How long one look-up may take: long enough for a packet that is lost (resolv.conf(5) waits 5 s).
    package var lookupTime: Duration = .seconds(8)
    /// How long the name server may take over a name that it knows by itself, before it counts as dead.
    package var controlTime: Duration = .seconds(3)
    /// `getaddrinfo` cannot be cancelled: so many names are asked for at a time. One organization gets a quarter of
    /// them, and a quarter is for names that have answered before.
    package var resolverThreads = 16
    /// Names of one organization that wait for a thread.
    package var waitingNames = 256

    package init() {}

    /// All bytes of one answer as they come from the network, with chunk sizes, reason phrase and the rest that no
    /// other limit counts. Eight times the body leaves room for a body sent in chunks of a single byte.
    var wireBytes: Int { 8 * (bodyBytes + headBytes) }
}

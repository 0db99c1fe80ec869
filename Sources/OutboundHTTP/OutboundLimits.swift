/// Limits on answers, look-ups and idle connections.
package struct OutboundLimits: Sendable {
    /// Bytes of an answer's body that are read; a longer body is cut and its connection closed.
    package var bodyBytes = 64 * 1024
    /// Bytes of the body that are kept, so that many receivers that stay just below the limit cost little. A message may
    /// ask for more (`HTTPMessage.answerBytesKept`), up to `bodyBytes`.
    package var bodyBytesKept = 4 * 1024
    /// Bytes of an answer's header fields, names and values together.
    package var headBytes = 16 * 1024
    package var headFields = 64
    /// Informational answers, such as `100 Continue`, before the final one.
    package var informationalAnswers = 8
    /// As many as are in flight at most (`DeliveryLimits`): a busy receiver's connections are not closed and opened again.
    package var idleConnectionsPerTarget = 256
    package var idleConnections = 1024
    /// How long a connection may be idle before it is no longer used.
    package var idleLifetime: Duration = .seconds(30)
    /// How often to close such connections.
    package var idleSweep: Duration = .seconds(10)
    /// How long to cache a name's addresses; zero looks them up each time.
    package var nameLifetime: Duration = .seconds(60)
    /// How long to cache a failed look-up. Each further failure in a row doubles this, up to a minute.
    package var nameFailureLifetime: Duration = .seconds(5)
    /// How long one look-up may take: long enough for a lost packet (resolv.conf(5) waits 5 s).
    package var lookupTime: Duration = .seconds(8)
    /// How long the name server may take for a name it knows itself before it counts as down.
    package var controlTime: Duration = .seconds(3)
    /// How many names are looked up at once, since `getaddrinfo` blocks and cannot be cancelled. One organization gets
    /// a quarter of these threads, and a quarter is reserved for names that have resolved before.
    package var resolverThreads = 16
    /// How many names of one organization may wait for a thread.
    package var waitingNames = 256

    package init() {}

    /// Bytes of one answer as received, with chunk sizes, reason phrase and everything else that no other limit counts.
    /// Eight times the body allows for a body in chunks of a single byte.
    var wireBytes: Int { 8 * (bodyBytes + headBytes) }
}

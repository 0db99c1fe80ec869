/// How many requests and events may come in (docs/operations.md describes what a client sees).
package struct AdmissionLimits: Sendable {
    /// Bytes of all bodies that are being read or handled. On its way to the database, a body takes several times its
    /// size.
    var bytes = 16 * 1024 * 1024
    /// Writes that are being read or handled. At most this many bodies from the API wait for the database
    /// writer, and fewer when it is slow (`WriterRoom`).
    var requests = 512
    /// The same, including the few that each sender may always have.
    var mostRequests: Int { 2 * requests }
    /// Requests with a body from callers without a key or a session (sign-ins, browser reports), from one address and in
    /// total. They do not count towards the others.
    var strangers = Apart(ofSender: 256, requests: 1024, bytes: 16 * 1024 * 1024)
    /// Test Hooks, of one organization and in total. Each may wait for its receiver for 15 s. They do not count either.
    var tests = Apart(ofSender: 32, requests: 512, bytes: 16 * 1024 * 1024)

    /// How many requests of a sender, and how many and how long ones in total.
    struct Apart {
        var ofSender: Int
        var requests: Int
        var bytes: Int
    }

    /// Events of one organization: the sustained rate, and the burst.
    var eventsPerSecond: Double
    var burst: Double { max(5 * eventsPerSecond, Double(Self.mostEventsOfRequest)) }

    /// How many events one request may have.
    package static let mostEventsOfRequest = 1000

    package static let usualEventsPerSecond = 2000

    package init(eventsPerSecond: Int = usualEventsPerSecond) {
        self.eventsPerSecond = Double(eventsPerSecond)
    }
}

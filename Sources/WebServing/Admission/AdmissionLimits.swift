/// How much may come in (docs/operations.md says what a client sees of it).
package struct AdmissionLimits: Sendable {
    /// Bytes of bodies that are being read or handled, in all. What is made of a body on its way to the database takes
    /// several times its bytes.
    var bytes = 16 * 1024 * 1024
    /// Requests that write and are being read or handled, in all: so many bodies at most wait for the database's writer
    /// on behalf of the API, fewer when it is slow (`WriterRoom`).
    var requests = 512
    /// The same with the few that each sender may always have.
    var mostRequests: Int { 2 * requests }
    /// Requests with a body of callers who have no key and no session (sign-ins, browsers' reports): from one address, in
    /// all, and the bytes of them all. They are not among the others.
    var strangerRequests = 256
    var strangersRequests = 1024
    var strangersBytes = 16 * 1024 * 1024
    /// Events of one organization, in the long run and after a rest.
    var eventsPerSecond: Double
    var burst: Double { max(5 * eventsPerSecond, Double(Self.mostEventsOfRequest)) }

    /// How many events one request may have.
    package static let mostEventsOfRequest = 1000

    package static let usualEventsPerSecond = 2000

    package init(eventsPerSecond: Int = usualEventsPerSecond) {
        self.eventsPerSecond = Double(eventsPerSecond)
    }
}

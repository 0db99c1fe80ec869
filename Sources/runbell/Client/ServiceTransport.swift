import Notifications

/// The way from a command to its service: any address, longer answers than a receiver may give.
enum ServiceTransport {
    static let shared: any Transport = NoTransport()
}

private struct NoTransport: Transport {
    func send(_ request: OutgoingRequest, deadline: Duration) async -> Exchange {
        Exchange(result: .failed(.connecting("not there yet")))
    }
}

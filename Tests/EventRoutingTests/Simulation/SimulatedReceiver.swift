import Notifications

/// A receiver with a mood that changes now and then.
struct SimulatedReceiver {
    enum Mood: CaseIterable {
        case well, busy, limiting, broken, unavailable, hanging, resetting, slow, wrongTLS, gone, unknown, moved
        /// A local fault.
        case cutOff, forbidden
    }

    var mood = Mood.well
    /// When the mood ends.
    var until = Duration.zero

    /// A local fault ends by itself; other moods last until they are changed.
    func now(_ time: Duration) -> SimulatedReceiver {
        let isOver = (mood == .cutOff || mood == .forbidden) && until <= time
        return isOver ? SimulatedReceiver() : self
    }

    /// How it answers a request, and how long that takes.
    func answer(_ kind: String, at time: Timestamp, _ generator: inout SeededGenerator) -> (ExchangeResult, Duration) {
        let quick = Duration.milliseconds(Int.random(in: 1...200, using: &generator))
        switch mood {
        case .well: return (Self.taken(kind, at: time), quick)
        case .slow: return (Self.taken(kind, at: time), .milliseconds(Int.random(in: 1000...14_000, using: &generator)))
        case .busy:
            let wait = Int.random(in: 1...120, using: &generator)
            return (Self.said(429, at: time, retryAfter: wait), quick)
        case .limiting: return (Self.said(429, at: time), quick)
        case .broken: return (Self.said(500, at: time), quick)
        case .unavailable: return (Self.said(503, at: time), quick)
        case .hanging: return (.failed(.timedOut(.waiting)), .seconds(15))
        case .resetting: return (.failed(.disconnected), quick)
        case .wrongTLS: return (.failed(.tls("the certificate is for another name")), quick)
        case .gone: return (Self.said(410, at: time), quick)
        case .unknown: return (Self.said(404, at: time), quick)
        case .cutOff: return (.failed(.local(.network, "no way")), quick)
        case .forbidden: return (.failed(.local(.settings, "not allowed")), quick)
        case .moved: return (Self.said(302, at: time), quick)
        }
    }

    private static func taken(_ kind: String, at time: Timestamp) -> ExchangeResult {
        .answered(Answer(status: kind == "hipchat" ? 204 : 200, body: Array("ok".utf8), at: time))
    }

    private static func said(_ status: Int, at time: Timestamp, retryAfter: Int? = nil) -> ExchangeResult {
        let headers = retryAfter.map { [Answer.Header("Retry-After", "\($0)")] } ?? []
        return .answered(Answer(status: status, headers: headers, at: time))
    }
}

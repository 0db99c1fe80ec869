import Notifications

/// How long `channels test` tries again: a receiver that is only starting may answer in a moment.
struct TestPatience {
    private let end: ContinuousClock.Instant
    private let pause: Duration

    init(for time: Duration, pause: Duration = .seconds(2)) {
        end = .now + time
        self.pause = pause
    }

    /// The last report: the first that the receiver was reached, or that trying again does not help.
    func test(
        _ attempt: () async throws(CommandFailure) -> APIAnswer
    ) async throws(CommandFailure) -> APIAnswer {
        var isFirst = true
        while true {
            let answer = try await attempt()
            guard Self.mayPass(answer.json), ContinuousClock.now + pause <= end else { return answer }
            if isFirst { Console.note("Not delivered yet: \(answer.json["text"]?.string ?? "") Trying again.") }
            isFirst = false
            try? await Task.sleep(for: pause)
        }
    }

    /// Whether the same test may succeed later.
    static func mayPass(_ report: JSONValue) -> Bool {
        ["retry", "postponed"].contains { report["verdict"]?.string?.sameBytes(as: $0) == true }
    }
}

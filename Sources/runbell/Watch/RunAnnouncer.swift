import Notifications

/// Notifies the service of a run. An unreachable service never stops the run: the user is told what could not be sent.
actor RunAnnouncer {
    private let api: APIClient
    private let plan: WatchPlan
    /// The run at its start; the end only differs in status. Nil until the key has been asked about it.
    private var run: LoadTestRun?

    /// How often and how long to try.
    struct Patience: Sendable {
        let tries: Int
        let deadline: Duration
        let pause: Duration

        /// The run is waiting.
        static let start = Patience(tries: 2, deadline: .seconds(3), pause: .milliseconds(500))
        /// Only the shell is waiting, and this event matters most.
        static let end = Patience(tries: 4, deadline: .seconds(3), pause: .seconds(1))
    }

    init(api: APIClient, plan: WatchPlan) {
        self.api = api
        self.plan = plan
    }

    /// Learns from the key what the command line leaves out. Throws if that is not enough, and only then: a service out
    /// of reach must not keep anybody from a load test.
    func prepare() async throws(CommandFailure) {
        do throws(CommandFailure) {
            try await findRun(.start)
        } catch {
            guard error.exit != .usage else { throw error }
            Console.complain("could not ask the service for the key's organization, project and user: \(error.text)")
        }
    }

    /// Whether the service accepted it.
    @discardableResult
    func announceStart() async -> Bool {
        guard let run else {
            Console.complain("test.started was not sent")
            return false
        }
        return await announce(.testStarted(run), .start) != nil
    }

    /// The event, if the service accepted it.
    @discardableResult
    func announceEnd(_ status: TestStatus) async -> AnnouncedEvent? {
        do throws(CommandFailure) {
            let run = try await findRun(.end).with(status: status)
            return await announce(.testFinished(run), .end).map { AnnouncedEvent(id: $0, run: run) }
        } catch {
            Console.complain("test.finished was not sent: \(error.text)")
            return nil
        }
    }

    @discardableResult
    private func findRun(_ patience: Patience) async throws(CommandFailure) -> LoadTestRun {
        if let run { return run }
        let (api, plan) = (api, plan)
        let found = try await Self.trying(patience) { () async throws(CommandFailure) in
            try plan.run(by: plan.isIncomplete ? await KeyFacts.ask(api, deadline: patience.deadline) : nil)
        }
        run = found
        return found
    }

    /// The event's ID. One idempotency key for all attempts, so that an attempt whose answer was lost does not create a
    /// second event.
    private func announce(_ content: EventContent, _ patience: Patience) async -> String? {
        let key = UniqueID<Event>(at: Clock.now).text
        let api = api
        do throws(CommandFailure) {
            let answer = try await Self.trying(patience) { () async throws(CommandFailure) in
                try await api.send(
                    .post, "/v1/events", body: content.json, headers: [.init("Idempotency-Key", key)],
                    deadline: patience.deadline)
            }
            return answer.json["id"]?.string ?? ""
        } catch {
            Console.complain("\(content.type.rawValue) was not sent: \(error.text)")
            return nil
        }
    }

    /// Tries again unless that would not help.
    private static func trying<Value: Sendable>(
        _ patience: Patience, _ work: @Sendable () async throws(CommandFailure) -> Value
    ) async throws(CommandFailure) -> Value {
        for _ in 1..<patience.tries {
            do throws(CommandFailure) {
                return try await work()
            } catch {
                guard error.exit == .unavailable else { throw error }
                try? await Task.sleep(for: patience.pause)
            }
        }
        return try await work()
    }
}

/// An event that the service has accepted.
struct AnnouncedEvent: Sendable {
    let id: String
    let run: LoadTestRun
}

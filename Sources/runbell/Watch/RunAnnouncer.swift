import Notifications

/// Notifies the service of a run. An unreachable service never stops the run: the user is told what could not be sent.
struct RunAnnouncer: Sendable {
    let api: APIClient
    /// The run at its start; the end only differs in status.
    let run: LoadTestRun

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

    /// Whether the service accepted it.
    @discardableResult
    func announceStart() async -> Bool {
        await announce(.testStarted(run), .start)
    }

    @discardableResult
    func announceEnd(_ status: TestStatus) async -> Bool {
        await announce(.testFinished(run.with(status: status)), .end)
    }

    /// One idempotency key for all attempts, so that an attempt whose answer was lost does not create a second event.
    private func announce(_ content: EventContent, _ patience: Patience) async -> Bool {
        let key = UniqueID<Event>(at: Clock.now).text
        for attempt in 1...patience.tries {
            do throws(CommandFailure) {
                _ = try await api.send(
                    .post, "/v1/events", body: content.json, headers: [.init("Idempotency-Key", key)],
                    deadline: patience.deadline)
                return true
            } catch {
                let isLast = attempt == patience.tries || error.exit == .refused
                if isLast {
                    Console.complain("\(content.type.rawValue) was not sent: \(error.text)")
                    return false
                }
                try? await Task.sleep(for: patience.pause)
            }
        }
        return false
    }
}

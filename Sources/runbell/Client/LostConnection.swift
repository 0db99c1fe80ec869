/// Lets a command that follows a service survive an outage of it: says so once, and tries again less and less often.
struct LostConnection {
    private var failures = 0

    private static let longestPause = 10

    /// The answer; nil after a failure that may pass. Throws a refusal.
    mutating func surviving(
        _ ask: () async throws(CommandFailure) -> APIAnswer
    ) async throws(CommandFailure) -> APIAnswer? {
        do throws(CommandFailure) {
            let answer = try await ask()
            if failures > 0 { Console.note("Connected again.") }
            failures = 0
            return answer
        } catch {
            guard error.exit == .unavailable else { throw error }
            if failures == 0 { Console.complain("\(error.text); trying again until Ctrl-C") }
            failures += 1
            try? await Task.sleep(for: .seconds(min(failures, Self.longestPause)))
            return nil
        }
    }

    /// The answer, however long it takes. Throws a refusal.
    static func overcoming(
        _ ask: () async throws(CommandFailure) -> APIAnswer
    ) async throws(CommandFailure) -> APIAnswer {
        var connection = LostConnection()
        while true {
            if let answer = try await connection.surviving(ask) { return answer }
        }
    }
}

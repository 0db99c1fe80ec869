/// Counts the seconds on a terminal during a slow operation.
func withProgress<Value: Sendable>(
    _ title: String, _ work: @Sendable () async throws(CommandFailure) -> Value
) async throws(CommandFailure) -> Value {
    let ticking = Task {
        for second in 1... {
            try await Task.sleep(for: .seconds(1))
            Console.progress("\(title)… \(second) s")
        }
    }
    defer {
        ticking.cancel()
        Console.progress("")
    }
    return try await work()
}

/// What a test waited for did not come.
package struct NeverCame: Error {}

/// Waits for what something else brings about, and goes on as soon as it is there. A loaded machine gets two minutes:
/// the limit ends a test whose wait is in vain, and says nothing about speed.
///
/// - Throws: ``NeverCame``, or what the condition throws.
package func wait(
    isolation: isolated (any Actor)? = #isolation, until condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(120)
    while try await !condition() {
        guard ContinuousClock.now < end else { throw NeverCame() }
        try await Task.sleep(for: .milliseconds(10))
    }
}

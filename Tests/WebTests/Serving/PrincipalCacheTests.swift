import Notifications
import Testing

@testable import WebServing

@Suite struct PrincipalCacheTests {
    private let cache = PrincipalCache()
    private let hash = APIKey().hash
    private let start = ContinuousClock.now

    @Test func remembersForHalfAMinute() {
        cache.remember(.operator, for: hash, at: start)
        #expect(cache.principal(for: hash, at: start + .seconds(29)) == .operator)
        #expect(cache.principal(for: hash, at: start + .seconds(30)) == nil)
        #expect(cache.principal(for: APIKey().hash, at: start) == nil)
    }

    @Test func forgets() {
        cache.remember(.operator, for: hash, at: start)
        cache.forget(hash)
        #expect(cache.principal(for: hash, at: start) == nil)
    }
}

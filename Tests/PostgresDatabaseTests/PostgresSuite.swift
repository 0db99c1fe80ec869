import TestSupport
import Testing

extension Trait where Self == ConditionTrait {
    /// Skips where PostgreSQL is not installed, except in CI, where the tests fail then.
    static var postgres: Self {
        .enabled(if: PostgresServer.isExpected, "PostgreSQL 15 is not installed, so nothing was tested on it")
    }
}

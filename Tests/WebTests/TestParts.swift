import Foundation
import Notifications
import Repository

@testable import EventRouting

/// The parts that the web layer is given.
enum TestParts {
    static let policy = EgressPolicy()
    static func router(_ repository: Repository) -> EventRouter { EventRouter() }
    static func tester(_ repository: Repository) -> ChannelTester { ChannelTester() }
}

enum TestClock {
    static func now() -> Timestamp { Timestamp(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
}

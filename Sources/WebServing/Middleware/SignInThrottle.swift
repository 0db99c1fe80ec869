import Notifications
import Repository
import Synchronization

/// Limits how often a member signs in. Each time, a session and an entry of the audit log are stored, so whoever may only
/// read could fill the disk. Where several nodes take requests, each allows its part.
final class SignInThrottle: Sendable {
    private struct Member: Hashable {
        let organization: OrganizationID
        let user: UserID
    }

    private struct Minute {
        let ends: ContinuousClock.Instant
        var count = 0
    }

    private static let perMinute = 30

    private let nodes: NodeCount
    private let minutes = Mutex(RecentValues<Member, Minute>(limit: 10_000))

    /// - Parameter nodes: how many nodes share what a member is allowed.
    init(nodes: NodeCount = NodeCount()) {
        self.nodes = nodes
    }

    /// Counts a sign-in. Returns how long to wait if there were too many, and then counts nothing. The operator, who can
    /// do worse, is not limited.
    func take(_ principal: Principal, at now: ContinuousClock.Instant) -> Duration? {
        guard case .user(let user, let organization, _) = principal else { return nil }
        let member = Member(organization: organization, user: user)
        return minutes.withLock { minutes in
            var minute = minutes[member] ?? Minute(ends: now + .seconds(60))
            if now >= minute.ends { minute = Minute(ends: now + .seconds(60)) }
            guard minute.count < max(1, Self.perMinute / nodes.value) else { return minute.ends - now }
            minute.count += 1
            minutes.set(minute, for: member)
            return nil
        }
    }
}

import Notifications

@testable import EventRouting

/// Which faults a world has: each seed turns on some of them, since many faults at once can hide what one alone would
/// show (Groce et al., Swarm Testing, 2012).
struct SimulationPlan {
    static let limits = {
        var limits = DeliveryLimits()
        limits.window = 2...4
        limits.share = 3
        limits.organization = 5
        limits.host = 6
        limits.total = 8
        limits.reserve = 4
        limits.sweep = .seconds(15)
        // It has the database for itself.
        limits.trust = .seconds(1_000_000)
        return limits
    }()

    /// For how long users and faults act.
    let span: Duration
    let actions: Int
    let hasCrashes: Bool
    /// A process that is presumed dead may still write its results.
    let leavesThieves: Bool
    let setsClocks: Bool
    let databaseFails: Bool
    let changesChannels: Bool
    /// The only writer stalls now and then, for up to a minute and a half.
    let writerStalls: Bool
    /// How long a write takes at most, in milliseconds. What happens meanwhile shares the next one.
    let longestWrite: Int
    /// Stored rows get damaged.
    let damagesRows: Bool
    /// A week in which the only receiver fails, and what keeps it from being tried for most of that week.
    let week: Week?
    /// Which moods receivers can have; listing one more often makes it likelier.
    let moods: [SimulatedReceiver.Mood]
    let kinds: [String]

    enum Week: CaseIterable {
        case tried, paused, off
    }

    init(_ generator: inout SeededGenerator) {
        let isLong = Int.random(in: 0..<12, using: &generator) == 0
        let isWeek = Int.random(in: 0..<40, using: &generator) == 0
        week = isWeek ? Week.allCases.randomElement(using: &generator) : nil
        let short = Duration.seconds(Int.random(in: 1...60, using: &generator))
        span = isWeek ? .seconds(8 * 86_400) : isLong ? .seconds(100 * 3600) : short
        actions = isLong ? 2 : Int.random(in: 1...6, using: &generator)
        hasCrashes = Bool.random(using: &generator)
        leavesThieves = Bool.random(using: &generator)
        setsClocks = Int.random(in: 0..<3, using: &generator) == 0
        databaseFails = Int.random(in: 0..<4, using: &generator) == 0
        changesChannels = Bool.random(using: &generator) && !isWeek
        writerStalls = Int.random(in: 0..<4, using: &generator) == 0
        damagesRows = Int.random(in: 0..<6, using: &generator) == 0 && !isWeek
        let all = SimulatedReceiver.Mood.allCases
        let some = [.well] + (0..<3).compactMap { _ in all.randomElement(using: &generator) }
        moods = isWeek ? [.broken, .broken, .broken, .unavailable] : some
        kinds = (0..<(isWeek ? 1 : Int.random(in: 1...3, using: &generator))).compactMap { _ in
            ["webhook", "webhook", "slack", "hipchat"].randomElement(using: &generator)
        }
        longestWrite = Int.random(in: 0..<3, using: &generator) == 0 ? 500 : 3
    }

    func schedule(_ agenda: inout Agenda<SimulatedWorld.Item>, _ generator: inout SeededGenerator) {
        for _ in 0..<actions {
            let at = Int64.random(in: 0...span.microseconds, using: &generator)
            agenda.add(.something, at: .microseconds(at))
        }
        if let week { schedule(week, &agenda) }
        agenda.add(.heal, at: span + .seconds(1))
    }

    /// Sends something every six hours; from the second day on, no attempts are made for five and a half days.
    private func schedule(_ week: Week, _ agenda: inout Agenda<SimulatedWorld.Item>) {
        agenda.add(.sicken, at: .milliseconds(10))
        for hours in stride(from: 0, to: 8 * 24, by: 6) {
            agenda.add(.post(.testNotificationChannel), at: .seconds(hours * 3600 + 1))
        }
        let idle = Duration.seconds(132 * 3600)
        switch week {
        case .tried: break
        case .paused: agenda.add(.pauseAll(for: idle), at: .seconds(86_400))
        case .off: agenda.add(.stop(for: idle), at: .seconds(86_400))
        }
    }
}

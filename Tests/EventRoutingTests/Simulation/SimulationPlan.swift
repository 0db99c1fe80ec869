import Notifications

@testable import EventRouting

/// Which troubles a world has: each seed turns on some of them, since many troubles at once hide what one alone would
/// show (Groce et al., Swarm Testing, 2012).
struct SimulationPlan {
    static let limits = {
        var limits = DeliveryLimits()
        limits.channel = 3
        limits.organization = 5
        limits.host = 6
        limits.total = 8
        limits.reserve = 4
        limits.sweep = .seconds(25)
        return limits
    }()

    /// How long users and troubles come.
    let span: Duration
    let actions: Int
    let hasCrashes: Bool
    /// A process that is taken for dead may still write what it hears.
    let leavesThieves: Bool
    let setsClocks: Bool
    let databaseFails: Bool
    let changesChannels: Bool
    /// Which moods receivers have; a mood that stands here more often is likelier.
    let moods: [SimulatedReceiver.Mood]
    let kinds: [String]

    init(_ chance: inout SeededGenerator) {
        let isLong = Int.random(in: 0..<12, using: &chance) == 0
        span = isLong ? .seconds(100 * 3600) : .seconds(Int.random(in: 1...60, using: &chance))
        actions = isLong ? 2 : Int.random(in: 1...6, using: &chance)
        hasCrashes = Bool.random(using: &chance)
        leavesThieves = Bool.random(using: &chance)
        setsClocks = Int.random(in: 0..<3, using: &chance) == 0
        databaseFails = Int.random(in: 0..<4, using: &chance) == 0
        changesChannels = Bool.random(using: &chance)
        let all = SimulatedReceiver.Mood.allCases
        moods = [.well] + (0..<3).compactMap { _ in all.randomElement(using: &chance) }
        kinds = (0..<Int.random(in: 1...3, using: &chance)).compactMap { _ in
            ["webhook", "webhook", "slack", "hipchat"].randomElement(using: &chance)
        }
    }

    func schedule(_ agenda: inout Agenda<SimulatedWorld.Item>, _ chance: inout SeededGenerator) {
        for _ in 0..<actions {
            let at = Int64.random(in: 0...span.microseconds, using: &chance)
            agenda.add(.something, at: .microseconds(at))
        }
        agenda.add(.heal, at: span + .seconds(1))
    }
}

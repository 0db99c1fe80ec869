import Notifications
import Repository

/// The results of a channel's latest attempts, in words and as a line of response times.
struct HealthView: Sendable {
    struct Mark: Sendable {
        let x: Int
        let y: Int
    }

    let lastSuccess: TimeView?
    let lastFailure: TimeView?
    let lastFinding: String?
    let count: Int
    let failures: Int
    /// `3 of 60 attempts failed (5%)`
    let rate: String
    let median: String
    let slowest: String
    /// The points of an SVG polyline, and those of failed attempts.
    let points: String
    let marks: [Mark]
    let isEmpty: Bool
    /// What the engine knows about a failing receiver, in sentences.
    let problems: [String]

    static let width = 360
    static let height = 48

    init(_ record: RecentAttempts, _ health: ReceiverHealth?) {
        problems = health?.sentences ?? []
        let tries = record.attempts
        count = tries.count
        isEmpty = tries.isEmpty
        failures = record.failures
        lastSuccess = TimeView(health?.lastSuccess ?? record.lastSuccess)
        lastFailure = TimeView(record.lastFailure?.at)
        lastFinding = record.lastFailure?.finding
        let percent = tries.isEmpty ? 0 : (100 * failures + tries.count / 2) / tries.count
        rate = "\(failures) of the last \(tries.count) attempts failed (\(percent)%)"
        let sorted = tries.map(\.duration).sorted()
        median = sorted.isEmpty ? "" : sorted[sorted.count / 2].short
        slowest = sorted.last?.short ?? ""
        let places = Self.places(tries.map(\.duration))
        points = places.map { "\($0.x),\($0.y)" }.joined(separator: " ")
        marks = zip(tries, places).filter { !$0.0.isDelivered }.map(\.1)
    }

    private static func places(_ durations: [Duration]) -> [Mark] {
        let top = max(1, durations.map(\.microseconds).max() ?? 1)
        let step = Double(width - 12) / Double(max(1, durations.count - 1))
        return durations.enumerated().map { index, duration in
            let rise = Double(duration.microseconds) / Double(top) * Double(height - 12)
            return Mark(x: 6 + Int(Double(index) * step), y: height - 6 - Int(rise))
        }
    }
}

extension ReceiverHealth {
    fileprivate var sentences: [String] {
        let opened = circuit.map { circuit in
            let probe = circuit.nextProbeAt.map { " The next probe is due at \(TimeView($0).text) UTC." } ?? ""
            return "Unreachable since \(TimeView(circuit.openSince).text) UTC. Runbell sends only probes.\(probe)"
        }
        let held = hold.map { hold in
            let beginning =
                hold.finding?.isLocal == true ? "Sending is on hold" : "The receiver asked Runbell to wait"
            return "\(beginning) until \(TimeView(hold.until).text) UTC. " + (hold.finding?.text ?? "")
        }
        let failing = failingSince.map {
            "No successful delivery since \(TimeView($0).text) UTC. " + (finding?.text ?? "")
        }
        return [opened, held, failing].compactMap { $0 }
    }
}

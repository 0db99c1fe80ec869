import CoreMetrics
import Notifications

/// Metrics of the router and the engine. docs/operations.md lists names and labels.
struct RoutingMetrics: Sendable {
    private let accepted: [EventType: Counter]
    private let skipped = Counter(label: "runbell_deliveries_skipped_total")
    /// By kind and verdict.
    private let attempts: [String: [String: Counter]]
    private let durations: [String: CoreMetrics.Timer]
    private let unreadable = Counter(label: "runbell_set_aside_total")
    private let faults = Dictionary(
        uniqueKeysWithValues: LocalFault.allCases.map {
            ($0, Counter(label: "runbell_local_faults_total", dimensions: [("fault", $0.rawValue)]))
        })
    private let underWay = Meter(label: "runbell_deliveries_under_way")
    private let nodes = Meter(label: "runbell_nodes")
    private let inCharge = Meter(label: "runbell_node_in_charge")

    private static let verdicts = ["delivered", "retry", "postponed", "refused", "gone"]

    init(kinds: ChannelCatalogue) {
        accepted = Dictionary(
            uniqueKeysWithValues: EventType.allCases.map {
                ($0, Counter(label: "runbell_events_accepted_total", dimensions: [("type", $0.rawValue)]))
            })
        attempts = Dictionary(
            uniqueKeysWithValues: kinds.ids.map { kind in
                let counters = Self.verdicts.map { verdict in
                    let dimensions = [("kind", kind), ("verdict", verdict)]
                    return (verdict, Counter(label: "runbell_attempts_total", dimensions: dimensions))
                }
                return (kind, Dictionary(uniqueKeysWithValues: counters))
            })
        durations = Dictionary(
            uniqueKeysWithValues: kinds.ids.map {
                ($0, CoreMetrics.Timer(label: "runbell_attempt_duration_seconds", dimensions: [("kind", $0)]))
            })
    }

    func accept(_ type: EventType, skipped count: Int) {
        accepted[type]?.increment()
        skipped.increment(by: count)
    }

    func attempt(_ kind: String, _ answer: AttemptAnswer) {
        attempts[kind]?[answer.verdict.word]?.increment()
        durations[kind]?.recordNanoseconds(answer.exchange.timings.total.microseconds * 1000)
        if case .failed(.local(let fault, _)) = answer.exchange.result { faults[fault]?.increment() }
    }

    func setAside(_ count: Int) {
        if count > 0 { unreadable.increment(by: count) }
    }

    func underWay(_ count: Int) {
        underWay.set(count)
    }

    func nodes(_ count: Int) {
        nodes.set(count)
    }

    func inCharge(_ isInCharge: Bool) {
        inCharge.set(isInCharge ? 1 : 0)
    }
}

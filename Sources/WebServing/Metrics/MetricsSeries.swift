import CoreMetrics
import Synchronization

/// The values of one metric with one set of labels.
protocol MetricsSeries: AnyObject, Sendable {
    func lines(name: String, labels: String) -> [String]
}

extension MetricsSeries {
    static func line(_ name: String, _ labels: String, _ value: some CustomStringConvertible) -> String {
        labels.isEmpty ? "\(name) \(value)" : "\(name){\(labels)} \(value)"
    }
}

final class CounterSeries: MetricsSeries, CounterHandler {
    private let count = Mutex<Int64>(0)

    func increment(by amount: Int64) {
        count.withLock { $0 &+= amount }
    }

    func reset() {
        count.withLock { $0 = 0 }
    }

    func lines(name: String, labels: String) -> [String] {
        [Self.line(name, labels, count.withLock { $0 })]
    }
}

final class GaugeSeries: MetricsSeries, MeterHandler, RecorderHandler {
    private let value = Mutex<Double>(0)

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }

    func lines(name: String, labels: String) -> [String] {
        [Self.line(name, labels, value.withLock { $0 })]
    }
}

/// A histogram of durations, with buckets from one millisecond to the fifteen seconds that an attempt may take.
final class HistogramSeries: MetricsSeries, TimerHandler {
    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15]

    private struct Counts {
        var buckets = [Int64](repeating: 0, count: bounds.count)
        var count: Int64 = 0
        var sum = 0.0
    }

    private let counts = Mutex(Counts())

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1e9
        counts.withLock { counts in
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound { counts.buckets[index] += 1 }
            counts.count += 1
            counts.sum += seconds
        }
    }

    func lines(name: String, labels: String) -> [String] {
        let counts = counts.withLock { $0 }
        let separator = labels.isEmpty ? "" : ","
        let buckets = zip(Self.bounds.map(\.description) + ["+Inf"], counts.buckets + [counts.count])
        return buckets.map { Self.line("\(name)_bucket", "\(labels)\(separator)le=\"\($0)\"", $1) } + [
            Self.line("\(name)_sum", labels, counts.sum), Self.line("\(name)_count", labels, counts.count),
        ]
    }
}

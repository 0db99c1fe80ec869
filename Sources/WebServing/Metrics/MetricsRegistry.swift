import CoreMetrics
import Synchronization

/// Collects the metrics of the service for `GET /metrics` in Prometheus' text format
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). Other modules only know swift-metrics; the program
/// installs this registry at startup.
package final class MetricsRegistry: MetricsFactory {
    private let families = Mutex<[String: MetricsFamily]>([:])
    /// What each metric means, by its name.
    private let texts: [String: String]

    package convenience init() { self.init(texts: MetricsTexts.all) }

    init(texts: [String: String]) { self.texts = texts }

    /// A counter, whose name should end in `_total`.
    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, sort: .counter) { CounterSeries() }
    }

    /// A gauge.
    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, sort: .gauge) { GaugeSeries() }
    }

    /// A histogram of durations, in seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, sort: .histogram) { HistogramSeries() }
    }

    /// A gauge that shows the last value. Durations are recorded by timers, as histograms.
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions, sort: .gauge) { GaugeSeries() }
    }

    /// Does nothing: series live as long as the process, as there are only as many as kinds and verdicts.
    package func destroyCounter(_ handler: any CounterHandler) {}
    /// Does nothing, like `destroyCounter`.
    package func destroyMeter(_ handler: any MeterHandler) {}
    /// Does nothing, like `destroyCounter`.
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Does nothing, like `destroyCounter`.
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// All series, sorted by name.
    package var text: String {
        let families = families.withLock { $0 }
        return families.sorted { $0.key < $1.key }.map { $0.value.text(name: $0.key, help: texts[$0.key]) }.joined()
    }

    /// Returns the same handler for the same name and dimensions. A name used for two types keeps the first; values of
    /// the second are dropped.
    private func series<Series: MetricsSeries>(
        _ label: String, _ dimensions: [(String, String)], sort: MetricsFamily.Sort, make: () -> Series
    ) -> Series {
        let key = MetricsFamily.labels(dimensions)
        return families.withLock { families in
            let known = families[label]?.series[key] as? Series
            let series = known ?? make()
            if known == nil, families[label]?.sort ?? sort == sort {
                families[label, default: MetricsFamily(sort: sort)].series[key] = series
            }
            return series
        }
    }
}

/// All series of one metric.
struct MetricsFamily {
    enum Sort: String {
        case counter, gauge, histogram
    }

    let sort: Sort
    /// By their formatted labels.
    var series: [String: any MetricsSeries] = [:]

    /// - Parameter help: one line without backslashes.
    func text(name: String, help: String?) -> String {
        let help = help.map { "# HELP \(name) \($0)\n" } ?? ""
        let lines = series.sorted { $0.key < $1.key }.flatMap { $0.value.lines(name: name, labels: $0.key) }
        return help + "# TYPE \(name) \(sort.rawValue)\n" + lines.map { $0 + "\n" }.joined()
    }

    /// `kind="slack",verdict="retry"`; empty without dimensions.
    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.map { name, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            return "\(name)=\"\(escaped)\""
        }.joined(separator: ",")
    }
}

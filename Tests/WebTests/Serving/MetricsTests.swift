import CoreMetrics
import Testing

@testable import WebServing

@Suite struct MetricsTests {
    @Test func seriesAreWrittenAsPrometheusReadsThem() {
        let registry = MetricsRegistry()
        registry.makeCounter(label: "b_total", dimensions: [("kind", "sl\"ack\\"), ("verdict", "retry")]).increment(
            by: 2)
        registry.makeCounter(label: "b_total", dimensions: [("kind", "sl\"ack\\"), ("verdict", "retry")]).increment(
            by: 3)
        registry.makeCounter(label: "b_total", dimensions: []).increment(by: 1)
        registry.makeMeter(label: "a", dimensions: []).set(7 as Int64)
        #expect(
            registry.text == """
                # TYPE a gauge
                a 7.0
                # TYPE b_total counter
                b_total 1
                b_total{kind="sl\\"ack\\\\",verdict="retry"} 5

                """)
    }

    @Test func whatAMetricMeansStandsAboveIt() {
        let registry = MetricsRegistry(texts: ["a_total": "what it counts"])
        registry.makeCounter(label: "a_total", dimensions: []).increment(by: 1)
        #expect(registry.text == "# HELP a_total what it counts\n# TYPE a_total counter\na_total 1\n")
        #expect(MetricsTexts.all.values.allSatisfy { !$0.contains("\n") && !$0.contains("\\") })
    }

    @Test func durationsAreCountedIntoBuckets() {
        let registry = MetricsRegistry()
        let timer = registry.makeTimer(label: "t_seconds", dimensions: [("kind", "slack")])
        for seconds in [0.0005, 0.02, 20] { timer.recordNanoseconds(Int64(seconds * 1e9)) }
        let lines = registry.text.split(separator: "\n").map(String.init)
        #expect(lines.contains(#"t_seconds_bucket{kind="slack",le="0.001"} 1"#))
        #expect(lines.contains(#"t_seconds_bucket{kind="slack",le="0.01"} 1"#))
        #expect(lines.contains(#"t_seconds_bucket{kind="slack",le="0.025"} 2"#))
        #expect(lines.contains(#"t_seconds_bucket{kind="slack",le="15.0"} 2"#))
        #expect(lines.contains(#"t_seconds_bucket{kind="slack",le="+Inf"} 3"#))
        #expect(lines.contains(#"t_seconds_sum{kind="slack"} 20.0205"#))
        #expect(lines.contains(#"t_seconds_count{kind="slack"} 3"#))
    }

    @Test func durationsAreCountedInNanoseconds() {
        #expect(Duration.milliseconds(1500).nanoseconds == 1_500_000_000)
        #expect(Duration.nanoseconds(7).nanoseconds == 7)
    }

    @Test func aNameKeepsItsSort() {
        let registry = MetricsRegistry()
        registry.makeCounter(label: "x", dimensions: []).increment(by: 1)
        registry.makeMeter(label: "x", dimensions: [("a", "b")]).set(5 as Int64)
        #expect(registry.text == "# TYPE x counter\nx 1\n")
    }
}

import CoreMetrics
import Logging

/// Reports that an audit log is not what the service wrote, in the log and in a metric.
enum AuditAlarm {
    private static let label = "runbell_audit_findings_total"

    /// Shows the metric from the start: an alert sees only what changes.
    static func prepare() { Counter(label: label).increment(by: 0) }

    static func raise(_ finding: String, _ logger: Logger) {
        Counter(label: label).increment()
        logger.critical("An audit log was changed outside Runbell", metadata: ["finding": "\(finding)"])
    }
}

import CoreMetrics
import Logging

/// Reports that an audit log is not what the service wrote, in the log and in a metric.
enum AuditAlarm {
    static func raise(_ finding: String, _ logger: Logger) {
        Counter(label: "runbell_audit_findings_total").increment()
        logger.critical("An audit log was changed outside Runbell", metadata: ["finding": "\(finding)"])
    }
}

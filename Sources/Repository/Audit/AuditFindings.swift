/// Problems with audit logs that one run of a body has found. Each run has its own; a discarded run reports nothing.
final class AuditFindings {
    private(set) var texts: [String] = []

    func add(_ text: String) { texts.append(text) }
}

/// What one run of a body has found wrong with audit logs. Each run has its own: one that is thrown away reports nothing.
final class AuditFindings {
    private(set) var texts: [String] = []

    func add(_ text: String) { texts.append(text) }
}

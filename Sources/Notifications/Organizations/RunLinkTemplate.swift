import Foundation

/// The address of a run's page: http or https, with the run's numbers as placeholders in braces.
package struct RunLinkTemplate: Equatable, Sendable {
    package let text: String

    /// The names of placeholders.
    package static let names = ["load_test_run_id", "load_test_id", "project_id", "organization_id"]

    /// Nil unless the text is an address of printable ASCII whose braces contain only known names.
    package init?(_ text: String) {
        guard text.utf8.count <= 1000 else { return nil }
        let filled = Self.names.reduce(text) { $0.replacingBytes(of: "{\($1)}", with: "1") }
        let isPlain = filled.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"{}<>|\"\\^`".utf8.contains($0) }
        guard isPlain, WebAddress.isWritten(filled), let host = URL(string: filled)?.host(), !host.isEmpty
        else { return nil }
        self.text = text
    }

    /// The address for a run.
    package func link(to run: LoadTestRun) -> String {
        let values = [run.id.value, run.loadTestID.value, run.projectID.value, run.organizationID.value]
        return zip(Self.names, values).reduce(text) { $0.replacingBytes(of: "{\($1.0)}", with: String($1.1)) }
    }
}

extension EventContent {
    /// The page that notifications of the event link to: the one that it names, or else its run's by the template.
    package func link(by template: RunLinkTemplate?) -> String? {
        if let message { return message.link }
        return run.flatMap { run in run.context.runURL ?? template?.link(to: run) }
    }
}

import Foundation

/// Where a run's page is: an http or https address with the run's numbers in braces.
package struct RunLinkTemplate: Equatable, Sendable {
    package let text: String

    /// The names that may stand in braces.
    package static let names = ["load_test_run_id", "load_test_id", "project_id", "organization_id"]

    /// Nil unless the text is an address of printable ASCII whose braces hold known names only.
    package init?(_ text: String) {
        guard text.utf8.count <= 1000 else { return nil }
        let filled = Self.names.reduce(text) { $0.replacingBytes(of: "{\($1)}", with: "1") }
        let isPlain = filled.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"{}<>|\"\\^`".utf8.contains($0) }
        guard isPlain, WebAddress.isWritten(filled), let host = URL(string: filled)?.host(), !host.isEmpty
        else { return nil }
        self.text = text
    }

    package func link(to run: LoadTestRun) -> String {
        let values = [run.id.value, run.loadTestID.value, run.projectID.value, run.organizationID.value]
        return zip(Self.names, values).reduce(text) { $0.replacingBytes(of: "{\($1.0)}", with: String($1.1)) }
    }
}

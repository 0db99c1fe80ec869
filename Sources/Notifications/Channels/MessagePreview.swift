/// A message as its receiver would show it, drawn from the very message that would be sent.
package struct MessagePreview: Equatable, Sendable {
    package struct Fact: Equatable, Sendable {
        package let label: String
        package let value: String
        /// The service's word for how the value is marked (HipChat's lozenges); nil for plain text.
        package let lozenge: String?
    }

    /// The service's name, for people.
    package let service: String
    package let from: String
    /// What stands above the box.
    package let text: String?
    /// The colour of the bar, as `#rrggbb`.
    package let color: String
    package let title: String
    package let body: String
    package let facts: [Fact]
    package let link: String?
    package let linkLabel: String?
    package let footer: String?
}

extension MessagePreview {
    /// What the escapes of HTML and of Slack's markup stand for.
    static func plain(_ text: String) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(text) { $0.replacingBytes(of: $1.0, with: $1.1) }
    }
}

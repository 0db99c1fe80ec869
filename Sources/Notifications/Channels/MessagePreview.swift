/// A message as its receiver would show it, derived from the message that would be sent.
package struct MessagePreview: Equatable, Sendable {
    /// A labeled value of the message.
    package struct Fact: Equatable, Sendable {
        package let label: String
        package let value: String
        /// The service's name for the value's style (HipChat's lozenges); nil for plain text.
        package let lozenge: String?
    }

    /// The service's name, for people.
    package let service: String
    package let from: String
    /// The text above the box.
    package let text: String?
    /// The color of the bar, as `#rrggbb`.
    package let color: String
    package let title: String
    package let body: String
    package let facts: [Fact]
    package let link: String?
    package let linkLabel: String?
    package let footer: String?
}

extension MessagePreview {
    /// Decodes the escapes of HTML and of Slack's markup.
    static func plain(_ text: String) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(text) { $0.replacingBytes(of: $1.0, with: $1.1) }
    }
}

/// Text that must not be seen: it prints as `[redacted]` wherever it is interpolated, logged or dumped.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) {
        self.text = text
    }

    /// The text itself.
    package func reveal() -> String { text }

    package var description: String { "[redacted]" }
    package var debugDescription: String { "[redacted]" }
    package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

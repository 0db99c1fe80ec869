import Mustache
import Notifications

/// Escapes texts for HTML by bytes: swift-mustache's own escaping compares characters (grapheme clusters).
struct PageEscaping: MustacheContentType {
    static let name = "RUNBELL"

    func escapeText(_ text: String) -> String { HTMLEscaping.escape(text) }
}

/// Masks secrets.
package enum Masking {
    /// For secrets of which nothing is shown.
    package static let whole = "…"

    /// `…` and the last four code points; only `…` if the text is so short that four would reveal much of it.
    package static func tail(of text: String) -> String {
        let characters = text.unicodeScalars
        return characters.count >= 16 ? "…" + String(characters.suffix(4)) : whole
    }

    /// For a new secret that looks as saved ones are shown; nil for any other.
    static func error(_ text: String) -> String? {
        text.startsWithBytes(of: whole) ? "This is how a saved secret is shown. Enter the whole one." : nil
    }
}

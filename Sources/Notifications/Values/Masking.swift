/// Masks secrets.
package enum Masking {
    /// For secrets of which nothing is shown.
    package static let whole = "…"

    /// `…` and the last four code points; only `…` if the text is so short that four would reveal much of it.
    package static func tail(of text: String) -> String {
        let characters = text.unicodeScalars
        return characters.count >= 16 ? "…" + String(characters.suffix(4)) : whole
    }
}

/// How a secret is shown.
package enum Masking {
    /// `…` and the last four code points; only `…` when the text is so short that four would tell much of it.
    package static func tail(of text: String) -> String {
        let characters = text.unicodeScalars
        return characters.count >= 16 ? "…" + String(characters.suffix(4)) : "…"
    }
}

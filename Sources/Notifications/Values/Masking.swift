/// How a secret is shown.
package enum Masking {
    /// `…` and the last four characters; only `…` when the text is so short that four would tell much of it.
    package static func tail(of text: String) -> String {
        text.count >= 16 ? "…" + text.suffix(4) : "…"
    }
}

/// A setting with several entries.
enum ListText {
    /// The entries between commas, trimmed, without empty ones.
    static func entries(of text: String?) -> [Substring] {
        (text ?? "").pieces(between: ",").map(trimmed).filter { !$0.isEmpty }
    }

    private static func trimmed(_ entry: Substring) -> Substring {
        let bytes = entry.utf8
        let start = bytes.firstIndex { $0 != UInt8(ascii: " ") } ?? bytes.endIndex
        guard let last = bytes.lastIndex(where: { $0 != UInt8(ascii: " ") }) else { return "" }
        return entry[start...last]
    }
}

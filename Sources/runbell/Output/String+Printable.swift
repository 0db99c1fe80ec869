extension String {
    /// Replaces every control and direction character, so that a name chosen by somebody else can neither move the
    /// cursor nor rewrite the line (CWE-150).
    var printable: String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            text.append(scalar.isHarmless ? scalar : "\u{FFFD}")
        }
        return String(text)
    }

    /// The same for each line of a text that may have several, such as a mail: LF and CRLF remain what they are, a line's
    /// end.
    var printableLines: String {
        unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.last == "\r" ? line.dropLast() : line).printable
        }.joined(separator: "\n")
    }

    /// The beginning of a text that is wider, with an ellipsis.
    func cut(to columns: Int) -> String {
        guard self.columns > columns else { return self }
        var (text, width) = ("", 1)
        for character in self {
            width += String(character).columns
            guard width <= columns else { break }
            text.append(character)
        }
        return text + "…"
    }

    /// How many columns the text takes on a terminal.
    var columns: Int {
        reduce(0) { $0 + ($1.isWide ? 2 : 1) }
    }
}

extension Unicode.Scalar {
    fileprivate var isHarmless: Bool {
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        case .format: self == "\u{200D}" || self == "\u{200C}"
        default: true
        }
    }
}

extension Character {
    /// East Asian wide characters and emoji (Unicode Standard Annex 11), in the blocks that occur in names.
    fileprivate var isWide: Bool {
        guard let scalar = unicodeScalars.first?.value else { return false }
        switch scalar {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return true
        default:
            return false
        }
    }
}

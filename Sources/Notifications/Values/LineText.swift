/// One line of text that people read and tell apart: names of organizations, channels and keys.
package enum LineText {
    /// What is wrong with a text, as a whole sentence; nil if it is fine. The API and the pages use the same check.
    package static func error(in text: String, bytes: Int) -> String? {
        guard text.utf8.count <= bytes else { return "Must be at most \(bytes) bytes in UTF-8." }
        guard text.hasVisibleCharacter else { return "Must have at least one visible character." }
        guard !text.unicodeScalars.contains(where: isControl) else {
            return "Control characters are not allowed."
        }
        guard !hasDeceiving(text) else {
            return "Invisible characters and text direction controls are not allowed."
        }
        return nil
    }

    /// ASCII needs no look into Unicode's tables.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII ? scalar.value < 0x20 || scalar.value == 0x7F : scalar.properties.generalCategory == .control
    }

    /// Whether a text contains invisible characters, which make two names look alike or change the order of the words
    /// around one.
    package static func hasDeceiving(_ text: String) -> Bool {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        var previous: Unicode.Scalar = " "
        return text.unicodeScalars.contains { scalar in
            defer { previous = scalar }
            return isDeceiving(scalar, behind: previous)
        }
    }

    /// Default ignorable code points (Unicode, section 5.21) and the two separators. Variation selectors are allowed,
    /// and so are joiners after non-ASCII characters: emoji, Persian and the scripts of India need them.
    package static func isDeceiving(_ scalar: Unicode.Scalar, behind previous: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x80, 0xFE00...0xFE0F: false
        case 0x2028, 0x2029: true
        case 0x200C, 0x200D: previous.value < 0x80 || isDeceiving(previous, behind: " ")
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}

extension String {
    /// False for empty text, white space, and marks that combine with nothing.
    package var hasVisibleCharacter: Bool {
        unicodeScalars.contains { scalar in
            if scalar.isASCII { return (0x21...0x7E).contains(scalar.value) }
            return switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .spaceSeparator, .lineSeparator, .paragraphSeparator,
                .nonspacingMark, .enclosingMark, .spacingMark:
                false
            default: true
            }
        }
    }
}

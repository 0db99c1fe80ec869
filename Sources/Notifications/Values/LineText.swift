/// A text on one line that people are to read, and to tell from others: the names of organizations, channels and keys.
package enum LineText {
    /// What is wrong with a text, in a whole sentence; nil when it is fine. The API and the pages ask the same.
    package static func error(in text: String, bytes: Int) -> String? {
        guard text.utf8.count <= bytes else { return "Must be at most \(bytes) bytes in UTF-8." }
        guard text.hasVisibleCharacter else { return "Must have at least one visible character." }
        guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            return "Control characters are not allowed."
        }
        guard !hasDeceiving(text) else {
            return "Invisible characters and text direction controls are not allowed."
        }
        return nil
    }

    /// Whether a text has characters in it that nobody sees: then two names look the same and are not, or the words around
    /// one stand in another order.
    package static func hasDeceiving(_ text: String) -> Bool {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        var previous: Unicode.Scalar = " "
        return text.unicodeScalars.contains { scalar in
            defer { previous = scalar }
            return isDeceiving(scalar, behind: previous)
        }
    }

    /// Default ignorable code points (Unicode, section 5.21) and the two separators. Variation selectors are taken, and so
    /// are joiners behind what is not ASCII: emoji, Persian and the scripts of India are written with them.
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
    /// False for the empty text, white space, and marks that combine with nothing.
    package var hasVisibleCharacter: Bool {
        unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .spaceSeparator, .lineSeparator, .paragraphSeparator,
                .nonspacingMark, .enclosingMark, .spacingMark:
                false
            default: true
            }
        }
    }
}

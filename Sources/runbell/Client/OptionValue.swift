import ArgumentParser
import Notifications

/// Reads the values of options. The argument parser puts the option's name before what is thrown here.
enum OptionValue {
    /// One of a few words.
    static func oneOf(_ words: [String]) -> @Sendable (String) throws -> String {
        { typed in
            if words.contains(where: { $0.sameBytes(as: typed) }) { return typed }
            throw ValidationError(
                "Must be one of \(words.joined(separator: ", ")).\(NearestWord.hint(typed, among: words))")
        }
    }

    /// A time in RFC 3339, or how long ago; always as RFC 3339.
    @Sendable static func time(_ typed: String) throws -> String {
        if Timestamp(rfc3339: typed) != nil { return typed }
        guard typed.last?.isLetter == true, let ago = DurationText.duration(typed) else {
            throw ValidationError("Must be a time such as 2026-11-23T10:00:00Z, or how long ago: 90s, 10m, 1h, 2d.")
        }
        return (Clock.now - ago).description
    }

    /// One or several whole numbers, separated by commas.
    @Sendable static func numbers(_ typed: String) throws -> [Int64] {
        try typed.pieces(between: ",").map { piece in
            guard let number = Int64(piece) else {
                throw ValidationError("Must be whole numbers, separated by commas or spaces: 1,2.")
            }
            return number
        }
    }

    /// A duration.
    @Sendable static func duration(_ typed: String) throws -> Duration {
        guard let duration = DurationText.duration(typed) else {
            throw ValidationError("Must be a number and s, m, h or d: 90s, 10m, 2h.")
        }
        return duration
    }
}

import Foundation
import Glibc

/// Where output goes: a terminal with a width, colors and its user's time zone, or something that a program reads.
struct Terminal: Sendable {
    let isTerminal: Bool
    /// Nil if lines may have any length.
    let columns: Int?
    let hasColor: Bool
    /// Nil for UTC.
    let zone: TimeZone?

    /// A file or a pipe.
    static let none = Terminal(isTerminal: false, columns: nil, hasColor: false, zone: nil)
    static let output = Terminal(STDOUT_FILENO, ProcessInfo.processInfo.environment)
    static let errors = Terminal(STDERR_FILENO, ProcessInfo.processInfo.environment)

    init(isTerminal: Bool, columns: Int?, hasColor: Bool, zone: TimeZone?) {
        self.isTerminal = isTerminal
        self.columns = columns
        self.hasColor = hasColor
        self.zone = zone
    }

    /// `NO_COLOR` turns colors off if it is set to anything (https://no-color.org), and so does `TERM=dumb`, on which
    /// nothing is overwritten either.
    init(_ descriptor: Int32, _ environment: [String: String]) {
        let isTerminal = isatty(descriptor) == 1
        let isDumb = environment["TERM"].map { $0 == "dumb" } ?? true
        self.init(
            isTerminal: isTerminal && !isDumb, columns: isTerminal ? Self.width(descriptor, environment) : nil,
            hasColor: isTerminal && !isDumb && (environment["NO_COLOR"] ?? "").isEmpty,
            zone: isTerminal ? .current : nil)
    }

    /// `COLUMNS` goes before what the terminal says, as in other programs.
    private static func width(_ descriptor: Int32, _ environment: [String: String]) -> Int? {
        if let text = environment["COLUMNS"], let columns = Int(text), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}

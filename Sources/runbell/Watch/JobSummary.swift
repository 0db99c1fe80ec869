import Foundation
import Notifications

/// What the summary of a job shows about a run, as GitHub's Markdown.
struct JobSummary {
    let run: LoadTestRun
    let report: RunReport

    /// Rows beyond this would only hide what else the job has to say.
    private static let mostRows = 100

    var text: String {
        var lines = ["### \(Self.escaped(run.displayName)): \(Self.escaped(run.statusText))", ""]
        let states = [
            ("notified", report.delivered), ("not yet", report.waiting), ("failed", report.failed),
            ("disabled", report.disabled),
        ]
        let rows = states.flatMap { state, names in names.map { "| \(Self.escaped($0)) | \(state) |" } }
        if rows.isEmpty {
            lines.append(Self.escaped(report.line(withPage: false)))
        } else {
            lines += ["| Channel | Notification |", "| --- | --- |"] + rows.prefix(Self.mostRows)
            if rows.count > Self.mostRows { lines.append("| and \(rows.count - Self.mostRows) more | |") }
        }
        if let page = report.page { lines += ["", "[Run \(run.id)](<\(page)>)"] }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Appends it: other steps of the job write there too.
    func append(to path: String) {
        guard let file = FileHandle(forWritingAtPath: path) else {
            return Console.complain("the job's summary was not written: \(path) cannot be opened")
        }
        defer { try? file.close() }
        do {
            try file.seekToEnd()
            try file.write(contentsOf: Data(("\n" + text).utf8))
        } catch {
            Console.complain("the job's summary was not written")
        }
    }

    /// A text by users: no markup, no links, one line.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.printable.unicodeScalars {
            if scalar.isASCII, scalar.properties.generalCategory.isMark { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}

extension Unicode.GeneralCategory {
    /// Punctuation and symbols.
    fileprivate var isMark: Bool {
        switch self {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .otherPunctuation,
            .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            true
        default: false
        }
    }
}

import Foundation

/// One text file of the project, as the rules see it.
struct ProjectFile: Sendable, CustomStringConvertible {
    /// Relative to the project's folder: `Sources/Web/WebService.swift`.
    let path: String
    let text: String
    let lines: [Substring]
    /// The lines without comments and literals; empty for files that are not Swift.
    let code: [String]

    /// Without the empty string after the last line break.
    var lineCount: Int { lines.count - (text.hasSuffix("\n") ? 1 : 0) }
    var description: String { path }

    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static let sources = files(under: "Sources", "Migrations", endingIn: ".swift")
    static let tests = files(under: "Tests", endingIn: ".swift")
    static let python = files(under: "Tests/Acceptance", "scripts", endingIn: ".py")

    /// All files in the given folders, except in hidden ones.
    static func files(under folders: String..., endingIn ending: String) -> [ProjectFile] {
        folders.flatMap { folder in
            let found = FileManager.default.enumerator(
                at: project.appending(path: folder), includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
            let urls = (found?.compactMap { $0 as? URL } ?? []).filter { $0.lastPathComponent.hasSuffix(ending) }
            return urls.compactMap { ProjectFile(url: $0) }.sorted { $0.path < $1.path }
        }
    }

    /// A file by its path relative to the project's folder; nil if it does not exist.
    init?(_ path: String) {
        self.init(url: Self.project.appending(path: path))
    }

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        code = path.hasSuffix(".swift") ? SwiftCode.lines(of: text) : []
    }

    private init?(url: URL) {
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
        let prefix = Self.project.path(percentEncoded: false)
        let path = url.standardizedFileURL.path(percentEncoded: false)
        self.init(path: path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path, text: text)
    }
}

import Testing

@Suite("House rules: docstrings")
struct DocstringRules {
    /// Folders that do not follow the rule yet.
    static let toCome: [String] = []

    @Test("Every package type and every package function that takes or throws something has a docstring")
    func docstrings() {
        for file in ProjectFile.sources where !Self.toCome.contains(where: file.path.hasPrefix) {
            for declaration in PackageDeclaration.undocumented(in: file) {
                Issue.record("\(file):\(declaration.line) has no docstring: \(declaration.head)")
            }
        }
    }

    @Test("The rule tells declarations that need a docstring from those that do not")
    func rule() {
        let text = """
            package struct Bare {
                package let value: Int
                package init(value: Int) { self.value = value }
                package init?(text: String) { nil }
                package func plain() -> Int { 1 }
                package func taking(_ number: Int) {}
                package static func waiting() async {}
                package static func == (lhs: Self, rhs: Self) -> Bool { true }
                package func hash(into hasher: inout Hasher) {}
                package mutating func parted(
                    _ text: String = "package func"
                ) throws {}
                func inner(_ number: Int) {}
            }
            /// Has one.
            @frozen
            package enum Told {
                /// Has one.
                @discardableResult
                package func taking(_ number: Int) -> Int { number }
            }
            """
        let found = PackageDeclaration.undocumented(in: ProjectFile(path: "Sources/Bare.swift", text: text))
        #expect(found.map(\.line) == [1, 4, 6, 7, 10])
    }
}

/// A `package` type, function or initializer in a file.
struct PackageDeclaration {
    /// Counts from 1.
    let line: Int
    /// Everything up to the body, joined into one line.
    let head: String
    private let keyword: String
    private let name: String

    /// Declarations that need a `///` and have none.
    static func undocumented(in file: ProjectFile) -> [PackageDeclaration] {
        file.code.indices.compactMap { line in
            guard let declaration = PackageDeclaration(file.code, line), declaration.promisesSomething else {
                return nil
            }
            let above = file.lines[..<line].last { !$0.drop(while: \.isWhitespace).hasPrefix("@") }
            return above?.drop(while: \.isWhitespace).hasPrefix("///") == true ? nil : declaration
        }
    }

    private static let types: Set<String> = ["struct", "enum", "class", "actor", "protocol"]
    private static let modifiers: Set<Substring> = ["static", "final", "mutating", "indirect", "nonisolated"]
    /// Documented once, by the protocol that requires them.
    private static let requirements: Set<String> = [
        "message", "verdict", "preview", "send", "failure", "hash", "declines", "recognize", "errors",
        "refersToStart", "sentMessage",
    ]

    private init?(_ code: [String], _ line: Int) {
        let words = code[line].split(separator: " ").drop { $0.hasPrefix("@") }
        guard words.first == "package" else { return nil }
        let rest = words.dropFirst().drop { Self.modifiers.contains($0) }
        guard let first = rest.first else { return nil }
        keyword = String(first.prefix(while: \.isLetter))
        guard Self.types.contains(keyword) || keyword == "func" || keyword == "init" else { return nil }
        name = rest.dropFirst().first.map { String($0.prefix { $0.isLetter || $0.isNumber }) } ?? ""
        self.line = line + 1
        let end = code[line...].firstIndex { $0.contains("{") } ?? line
        head = code[line...end].map { $0.drop(while: \.isWhitespace) }.joined(separator: " ")
    }

    private var promisesSomething: Bool {
        if Self.types.contains(keyword) { return true }
        if keyword == "init" { return canFail || head.contains("init?") }
        if name.isEmpty || Self.requirements.contains(name) { return false }
        return canFail || !head.contains("\(name)()")
    }

    private var canFail: Bool { head.contains("throws") || head.contains("async") }
}

import Testing

@Suite("House rules: words")
struct WordRules {
    /// Never allowed in the sources' code.
    static let forbiddenCode = [
        "try!", "as!", "Task.detached", "fatalError(", "nonisolated(unsafe)", "Thread.sleep", "usleep(",
        "DispatchSemaphore", "public func", "public struct", "public final", "public enum", "public protocol",
    ]
    /// It keeps the turn to write, and so a thread of the driver, on purpose.
    static let exceptions = ["Sources/Repository/Copying/WriteHold.swift": "DispatchSemaphore"]
    /// Allowed nowhere, not even in comments.
    static let forbiddenAnywhere = ["TODO", "FIXME"]

    @Test("Constructs that crash, block or hide are not used in the sources")
    func constructs() {
        for file in ProjectFile.sources {
            Self.each(of: Self.forbiddenCode, in: file.code) { word, line in
                guard Self.exceptions[file.path] != word else { return }
                Issue.record("\(file):\(line) uses \(word)")
            }
        }
    }

    @Test("Nothing is left to be done")
    func reminders() {
        for file in ProjectFile.sources + ProjectFile.tests + ProjectFile.python
        where !file.path.hasSuffix("WordRules.swift") {
            Self.each(of: Self.forbiddenAnywhere, in: file.lines.map(String.init)) { word, line in
                Issue.record("\(file):\(line) says \(word)")
            }
        }
    }

    @Test("No value is unwrapped by force")
    func forceUnwraps() {
        for file in ProjectFile.sources {
            for (number, line) in file.code.enumerated() where Self.hasForceUnwrap(line) {
                Issue.record("\(file):\(number + 1) unwraps by force: \(line)")
            }
        }
    }

    @Test("Every @unchecked Sendable has its reason in a comment next to it")
    func unchecked() {
        for file in ProjectFile.sources {
            let code = file.code
            for line in code.indices where code[line].contains("@unchecked Sendable") {
                let around = file.lines[max(0, line - 6)...line]
                let hasReason = around.contains { $0.contains("//") && $0.contains("unchecked") }
                #expect(hasReason, "\(file):\(line + 1) says nothing about why it is unchecked")
            }
        }
    }

    /// An optimized build finds no metadata for the type of such a function, and crashes when it is bound (Swift 6.3).
    @Test("What is bound to a task is no function: its type has a name")
    func taskLocals() {
        for file in ProjectFile.sources {
            for (number, line) in file.code.enumerated() where line.contains("@TaskLocal") && line.contains("->") {
                Issue.record("\(file):\(number + 1) binds a function to a task")
            }
        }
    }

    @Test("The look for force unwraps tells them from other exclamation marks")
    func look() {
        for line in ["let a = b!", "b!.c", "f(b!)", "a[0]!", "x()! + 1", "let a: Int!"] {
            #expect(Self.hasForceUnwrap(line), "\(line)")
        }
        for line in [
            "if !a && !b {", "a != b", "#if !os(Linux)", "f(!a)", "[!a]", "return !a", "x = !y", "case .a where !b:",
        ] {
            #expect(!Self.hasForceUnwrap(line), "\(line)")
        }
    }

    /// An exclamation mark directly after a name, a bracket or a parenthesis, and not before `=`.
    static func hasForceUnwrap(_ line: String) -> Bool {
        let bytes = Array(line.utf8)
        return bytes.indices.dropFirst().contains { place in
            guard bytes[place] == UInt8(ascii: "!") else { return false }
            let before = Character(UnicodeScalar(bytes[place - 1]))
            let isBehindValue = before.isLetter || before.isNumber || "_)]}`\"".contains(before)
            let isComparison = place + 1 < bytes.count && bytes[place + 1] == UInt8(ascii: "=")
            return isBehindValue && !isComparison
        }
    }

    private static func each(of words: [String], in lines: [String], _ found: (String, Int) -> Void) {
        for (number, line) in lines.enumerated() {
            for word in words where line.contains(word) { found(word, number + 1) }
        }
    }
}

import Testing

@Suite("House rules: channels")
struct ChannelRules {
    /// Files that may call the repository's channel changes: each of them wakes the channel's queue.
    static let allowed = ["Sources/EventRouting/Channels.swift", "Sources/EventRouting/ChannelTester.swift"]

    /// The methods that write a channel: those ending in a transaction's `save` or `remove`, and the one
    /// that creates a channel.
    static let changes: Set<String> = {
        let found = ProjectFile.sources.filter { $0.path.hasPrefix("Sources/Repository/") }.flatMap { file in
            FunctionSpan.all(in: file.code).compactMap { span in
                change(in: Array(file.code[(span.firstLine - 1)..<span.lastLine]))
            }
        }
        return Set(found)
    }()

    @Test("A channel is changed in one way, which wakes what waits there")
    func oneWay() {
        for file in ProjectFile.sources where !Self.allowed.contains(file.path) {
            for (number, line) in file.code.enumerated() {
                for name in Self.changes where line.contains("repository.\(name)(") {
                    Issue.record("\(file):\(number + 1) calls \(name) of the repository; `Channels` does, and wakes")
                }
            }
        }
    }

    @Test("The methods that change a channel are found")
    func look() {
        let known: Set<String> = [
            "createChannel", "replaceChannel", "restore", "rotateSecret", "pauseChannel", "resumeChannel",
            "removeChannel", "planRemoval", "undoRemoval", "noteTest", "decideOnMail", "moveChannel",
        ]
        #expect(Self.changes == known)
    }

    /// The name of a package function that writes a channel; nil for all others.
    private static func change(in code: [String]) -> String? {
        guard let head = code.first, head.contains("package func ") else { return nil }
        let writes = ["transaction.save(after", "transaction.remove(", "transaction.insert(channel)"]
        guard code.contains(where: { line in writes.contains(where: line.contains) }) else { return nil }
        let name = head.split(separator: " ").drop { $0 != "func" }.dropFirst().first
        return name.map { String($0.prefix { $0 != "(" && $0 != "<" }) }
    }
}

import Testing

@Suite("House rules: imports")
struct ImportRules {
    /// What each target may import (see the diagram in docs/architecture.md). The compiler checks that a target
    /// declares what it imports; this checks that it may declare it.
    static let allowed: [String: Set<String>] = [
        "Notifications": ["Foundation", "Crypto", "Logging", "Metrics", "Synchronization"],
        "Migrations": [],
        "Repository": ["Notifications", "Migrations", "Crypto", "Dispatch", "Synchronization"],
        "CSQLite": [],
        "SQLiteDatabase": [
            "Repository", "Migrations", "Notifications", "CSQLite", "GRDB", "GRDBSQLite", "Dispatch", "Foundation",
            "Synchronization",
        ],
        "CPostgres": [],
        "PostgresDatabase": [
            "Repository", "Migrations", "Notifications", "CPostgres", "Dispatch", "Glibc", "Synchronization",
        ],
        "OutboundHTTP": [
            "Notifications", "Foundation", "Synchronization", "NIOCore", "NIOPosix", "NIOHTTP1", "NIOSSL", "NIOTLS",
        ],
        "CCurl": [],
        "OutboundMail": ["Notifications", "CCurl", "NIOPosix", "Foundation", "Synchronization"],
        "EventRouting": [
            "Notifications", "Repository", "Logging", "Synchronization", "ServiceLifecycle", "DequeModule",
            "HeapModule", "CoreMetrics",
        ],
        "WebServing": [
            "Notifications", "Repository", "Hummingbird", "HummingbirdCore", "HTTPTypes", "Logging", "NIOCore",
            "NIOHTTP1", "Crypto", "ServiceLifecycle", "Synchronization", "CoreMetrics", "Dispatch", "Foundation",
        ],
        "WebAPI": [
            "Notifications", "Repository", "EventRouting", "WebServing", "Hummingbird", "HTTPTypes", "Logging",
            "NIOCore",
            "ServiceLifecycle",
        ],
        "WebPages": [
            "Notifications", "Repository", "EventRouting", "WebServing", "Hummingbird", "HTTPTypes", "Logging",
            "NIOCore",
            "ServiceLifecycle", "Synchronization", "CoreMetrics", "Crypto", "Mustache",
        ],
        "Web": [
            "Notifications", "Repository", "EventRouting", "WebServing", "WebAPI", "WebPages", "Hummingbird", "Logging",
            "Crypto",
        ],
        "runbell": [
            "Notifications", "Repository", "SQLiteDatabase", "PostgresDatabase", "OutboundHTTP", "OutboundMail",
            "EventRouting", "WebServing", "Web",
            "ArgumentParser", "Configuration", "CoreMetrics", "Crypto", "Dispatch", "Foundation", "Glibc",
            "Hummingbird", "HTTPTypes",
            "Logging", "NIOCore", "NIOPosix", "ServiceLifecycle", "Synchronization", "SystemPackage", "UnixSignals",
        ],
        "TestSupport": [
            "Notifications", "Repository", "SQLiteDatabase", "PostgresDatabase", "CPostgres", "Foundation", "Glibc",
            "Synchronization",
        ],
    ]

    @Test("Every target imports only what its place in the drawing allows")
    func imports() throws {
        for file in ProjectFile.sources + ProjectFile.files(under: "Tests/TestSupport", endingIn: ".swift") {
            let target = try #require(Self.target(of: file))
            for module in Self.imports(in: file) {
                #expect(Self.allowed[target, default: []].contains(module), "\(file) imports \(module)")
            }
        }
    }

    @Test("Test frameworks other than Swift Testing are not used")
    func testing() {
        for file in ProjectFile.tests + ProjectFile.sources {
            #expect(!Self.imports(in: file).contains("XCTest"), "\(file)")
        }
    }

    static func target(of file: ProjectFile) -> String? {
        let parts = file.path.split(separator: "/").map(String.init)
        return parts.first == "Migrations" ? "Migrations" : parts.dropFirst().first
    }

    /// The module of each import, including `import struct Foundation.Data`.
    static func imports(in file: ProjectFile) -> [String] {
        file.code.compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), words[..<place].allSatisfy(isImportModifier) else {
                return nil
            }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let name = words[(place + 1)...].first { !kinds.contains($0) }
            return name?.split(separator: ".").first.map(String.init)
        }
    }

    private static func isImportModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@") || ["package", "internal", "private", "fileprivate", "public"].contains(word)
    }
}

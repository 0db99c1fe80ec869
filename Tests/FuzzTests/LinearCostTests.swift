import Foundation
import Testing

@testable import fuzz

/// Twice the input costs twice as much, and not four times.
@Suite(.serialized) struct LinearCostTests {
    private static let sizes = (small: 4 * 1024, large: 16 * 1024)

    /// By the processor time of the thread, over every shape: four times the input may cost eight times as much before it
    /// is called more than linear. Quadratic cost would be sixteen times.
    @Test(arguments: ForeignParser.all)
    func fourTimesTheInputCostsFourTimesAsMuch(_ parser: ForeignParser) {
        for shape in CostShape.all(for: parser) {
            let large = shape.bytes(min(Self.sizes.large, parser.limit))
            let small = shape.bytes(min(Self.sizes.large, parser.limit) / 4)
            guard Cost.of(large, parser) > 2_000_000 else { continue }
            let ratio = Double(Cost.of(large, parser, tries: 3)) / Double(max(1, Cost.of(small, parser, tries: 5)))
            #expect(ratio < 8, "\(parser.name): \(shape) costs \(ratio) times as much")
        }
    }

    /// By counted instructions, of the two that the attack was run against: exact, the same on every run.
    @Test(
        .enabled(if: Valgrind.isThere, "valgrind counts the instructions: apt-get install valgrind"),
        arguments: [
            ("json", CostShape(start: #"{"a":1,"b":2,"c":3,"é":4,"e"#, piece: "\u{301}\u{316}", end: #"":3,"d":4}"#)),
            ("json", CostShape(start: #"{"x":[{"#, piece: #""\u0301\u0316":"#, end: "")),
            ("event", CostShape(start: #"{"event":"test"#, piece: "\u{301}\u{316}", end: #""}"#)),
            ("form", CostShape(start: "a=1&b=2&kind=s", piece: "\u{301}\u{316}", end: "&c=4")),
            ("words", CostShape(start: "t", piece: "\u{301}\u{316}", end: "")),
        ])
    func twiceTheInputTakesTwiceTheInstructions(_ name: String, _ shape: CostShape) throws {
        let counts = try [16, 32, 64].map { try Valgrind.instructions(reading: shape.bytes($0 * 1024), by: name) }
        // What the program does before it reads is the same in all three.
        let (first, second) = (Double(counts[1]) - Double(counts[0]), Double(counts[2]) - Double(counts[1]))
        #expect(second < 2.2 * max(first, 100_000), "\(name): \(shape) took \(counts) instructions")
    }
}

/// Counts the instructions of `fuzz --read` (https://valgrind.org/docs/manual/cg-manual.html).
enum Valgrind {
    static let program = "/usr/bin/valgrind"
    static let isThere = FileManager.default.isExecutableFile(atPath: program)

    static func instructions(reading bytes: [UInt8], by name: String) throws -> Int {
        let folder = FileManager.default.temporaryDirectory.appending(path: "runbell-cost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, log) = (folder.appending(path: "input"), folder.appending(path: "log"))
        try Data(bytes).write(to: input)
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = [
            "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null", "--log-file=\(log.path())",
            try #require(fuzz).path(), "--read", name, input.path(),
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let text = try String(contentsOf: log, encoding: .utf8)
        let line = try #require(
            text.split(separator: "\n").first { $0.contains("I refs:") || $0.contains("I   refs:") })
        return try #require(Int(line.split(separator: ":")[1].filter(\.isNumber)))
    }

    /// The program beside the tests.
    private static let fuzz: URL? = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let program = folder.appending(path: ".build/debug/fuzz")
        return FileManager.default.isExecutableFile(atPath: program.path()) ? program : nil
    }()
}

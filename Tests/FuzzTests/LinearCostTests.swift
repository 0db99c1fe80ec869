import Foundation
import Testing

@testable import fuzz

/// Twice the input must cost twice as much, not four times.
@Suite(.serialized) struct LinearCostTests {
    /// By CPU time of the thread, over every shape: four times the input may cost up to seven times as much before it
    /// counts as nonlinear. Quadratic cost would be sixteen times.
    @Test(arguments: ForeignParser.all)
    func fourTimesTheInputCostsFourTimesAsMuch(_ parser: ForeignParser) {
        for shape in CostShape.all(for: parser) {
            let growth = Self.growth(parser, shape)
            #expect(growth < 7, "\(parser): \(shape) costs \(growth) times as much")
        }
    }

    /// A planted bug: the comparison that the attack exploited.
    @Test func nonlinearCostIsDetected() {
        let shape = CostShape(start: "t", piece: "\u{301}\u{316}", end: "", large: 64 * 1024)
        #expect(Self.growth(.planted, shape) > 7)
    }

    /// How much more the larger input costs; 1 if even that is cheap.
    private static func growth(_ parser: ForeignParser, _ shape: CostShape) -> Double {
        let size = min(shape.large, parser.limit)
        let (large, small) = (shape.bytes(size), shape.bytes(size / 4))
        guard Cost.of(large, parser) > 2_000_000 else { return 1 }
        let growth = { (tries: Int) in
            Double(Cost.of(large, parser, tries: tries)) / Double(max(1, Cost.of(small, parser, tries: 2 * tries)))
        }
        let first = growth(1)
        return first < 6 ? first : growth(5)
    }

    /// By instruction count, for the inputs that the attack used: exact, and the same on every run.
    @Test(
        .enabled(if: Valgrind.isThere, "valgrind counts the instructions: apt-get install valgrind binutils"),
        arguments: [
            ("json", CostShape(start: #"{"a":1,"b":2,"c":3,"é":4,"e"#, piece: "\u{301}\u{316}", end: #"":3,"d":4}"#)),
            ("json", CostShape(start: #"{"x":[{"#, piece: #""\u0301\u0316":"#, end: "")),
            ("event", CostShape(start: #"{"event":"test"#, piece: "\u{301}\u{316}", end: #""}"#)),
            ("form", CostShape(start: "a=1&b=2&kind=s", piece: "\u{301}\u{316}", end: "&c=4")),
            ("words", CostShape(start: "t", piece: "\u{301}\u{316}", end: "")),
            ("planted", CostShape(start: "t", piece: "\u{301}\u{316}", end: "")),
        ])
    func twiceTheInputTakesTwiceTheInstructions(_ name: String, _ shape: CostShape) throws {
        let counts = try [16, 32, 64].map { try Valgrind.instructions(reading: shape.bytes($0 * 1024), by: name) }
        // What the program does before it reads is the same in all three.
        let (first, second) = (Double(counts[1]) - Double(counts[0]), Double(counts[2]) - Double(counts[1]))
        let isLinear = second < 2.2 * max(first, 100_000)
        #expect(isLinear == (name != "planted"), "\(name): \(shape) took \(counts) instructions")
    }
}

/// Counts the instructions of `fuzz --read` (https://valgrind.org/docs/manual/cg-manual.html).
enum Valgrind {
    static let program = "/usr/bin/valgrind"
    static let isThere = [program, "/usr/bin/strip"].allSatisfy(FileManager.default.isExecutableFile)

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

    /// A copy of the program beside the tests, without debug information: valgrind cannot read Swift's.
    private static let fuzz: URL? = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: ".build/debug")
        let stripped = folder.appending(path: "fuzz-stripped")
        let strip = Process()
        strip.executableURL = URL(filePath: "/usr/bin/strip")
        strip.arguments = ["-g", "-o", stripped.path(), folder.appending(path: "fuzz").path()]
        guard (try? strip.run()) != nil else { return nil }
        strip.waitUntilExit()
        return strip.terminationStatus == 0 ? stripped : nil
    }()
}

import Foundation

/// The cost of reading an input, in nanoseconds of this thread's CPU time: other load on the machine does not count,
/// and the minimum of several tries is close to the true cost.
enum Cost {
    static func of(_ input: [UInt8], _ parser: ForeignParser, tries: Int = 1) -> UInt64 {
        (0..<tries).map { _ in once(input, parser) }.min() ?? 0
    }

    private static func once(_ input: [UInt8], _ parser: ForeignParser) -> UInt64 {
        let start = now
        parser.read(input)
        return now - start
    }

    private static var now: UInt64 {
        clock_gettime_nsec()
    }

    private static func clock_gettime_nsec() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The cost per byte of a plain scan, measured here and now: an optimized build on a fast machine needs less than a
    /// debug build on a slow one.
    static let yardstick: Double = {
        let bytes = [UInt8](repeating: 0x61, count: 64 * 1024)
        let looking = ForeignParser("yardstick", limit: bytes.count, seeds: []) { bytes in
            var sum = 0
            for byte in bytes where byte != 0 { sum &+= Int(byte) }
            precondition(sum > 0)
        }
        return Double(of(bytes, looking, tries: 5)) / Double(bytes.count)
    }()

    /// Whether an input costs more than careful reading can explain: a budget per byte, plus a constant.
    static func isTooHigh(_ cost: UInt64, bytes: Int) -> Bool {
        Double(cost) > 5_000_000 + 1000 * yardstick * Double(bytes)
    }
}

/// One piece repeated many times between a beginning and an end: the shape of most inputs with quadratic cost.
struct CostShape: Sendable, CustomStringConvertible {
    let start: String
    let piece: String
    let end: String
    /// The input size at which the cost shows.
    var large = 8 * 1024

    var description: String { "\(start)(\(piece))…\(end)".debugDescription }

    func bytes(_ count: Int) -> [UInt8] {
        let pieces = max(1, (count - start.utf8.count - end.utf8.count) / max(1, piece.utf8.count))
        return Array((start + String(repeating: piece, count: pieces) + end).utf8)
    }

    /// Each piece by itself and inside a seed, and the shapes of past attacks.
    static func all(for parser: ForeignParser) -> [CostShape] {
        let seed = parser.seeds.first ?? ""
        let middle = seed.utf8.index(seed.startIndex, offsetBy: seed.utf8.count / 2)
        let shapes = Mutator.pieces.enumerated().flatMap { place, piece in
            // The first pieces are characters of many code points: their cost shows only in long inputs.
            let large = place < Mutator.slowPieces ? 64 * 1024 : 8 * 1024
            return [
                CostShape(start: "", piece: piece, end: "", large: large),
                CostShape(start: String(seed[..<middle]), piece: piece, end: String(seed[middle...]), large: large),
            ]
        }
        return shapes + known
    }

    /// Long names and values in objects with others beside them; the same in forms.
    private static let known = ["\u{301}\u{316}", "\\u0301\\u0316", "%CC%81%CC%96"].flatMap { piece in
        [
            CostShape(start: #"{"a":1,"b":2,"c":3,"name":""#, piece: piece, end: #"","d":4}"#, large: 64 * 1024),
            CostShape(start: #"{"a":1,"b":2,"c":3,"e"#, piece: piece, end: #"":3,"d":4}"#, large: 64 * 1024),
            CostShape(start: #"{"event":"test"#, piece: piece, end: #""}"#, large: 64 * 1024),
            CostShape(start: #"{"subscription":{"events":["t"#, piece: piece, end: #""]}}"#, large: 64 * 1024),
            CostShape(start: "a=1&b=2&n", piece: piece, end: "=3&c=4", large: 64 * 1024),
            CostShape(start: "a=1&kind=s", piece: piece, end: "&c=4", large: 64 * 1024),
        ]
    }
}

/// Makes new inputs from others. The same seed always gives the same inputs.
struct Mutator {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// How many of the pieces, from the start, are combining marks, flags and joiners.
    static let slowPieces = 4

    /// What parsers stumble over: combining marks, flags, joiners, quotes, separators and their encodings.
    static let pieces = [
        "\u{301}\u{316}", "a\u{301}", "\u{1F1E6}", "\u{1F468}\u{200D}", "\u{1100}", "\u{AC00}\u{11A8}", "\u{FB1D}",
        "\u{202E}", "\u{0}", "\n", "\r\n", "\t", " ", "\"", "\\", "\\u0301", "\\ud83d", "%CC%81", "%", "+", "&", "=",
        "a=&",
        ";", ",", ":", "/", ".", "-", "[", "]", "{", "}", "[{", "{\"a\":", "\"a\":1,", "\"\u{301}\":1,", "0", "9",
        "1e9",
        "-0", "A", "é", "\u{FFFF}", "\u{10FFFF}", "Transfer-Encoding:", "chunked", "https://", "@", "#", "?", "::",
        "whsec_",
    ]

    /// Changes an input one to four times; sometimes repeats one piece of it many times.
    mutating func change(_ input: [UInt8], among others: [[UInt8]], limit: Int) -> [UInt8] {
        var bytes = input
        for _ in 0..<Int.random(in: 1...4, using: &random) { changeOnce(&bytes, others) }
        if Int.random(in: 0..<40, using: &random) == 0 { blowUp(&bytes, to: min(limit, 32 * 1024)) }
        return bytes.count > limit ? Array(bytes.prefix(limit)) : bytes
    }

    private mutating func changeOnce(_ bytes: inout [UInt8], _ others: [[UInt8]]) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.insert(contentsOf: piece(), at: place)
        case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 3 where place < bytes.count:
            bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &random)))
        case 4:
            guard let other = others.randomElement(using: &random), !other.isEmpty else { return }
            let start = Int.random(in: 0..<other.count, using: &random)
            bytes = Array(bytes.prefix(place)) + other[start...]
        default:
            let end = min(bytes.count, place + Int.random(in: 1...16, using: &random))
            bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
        }
    }

    private mutating func blowUp(_ bytes: inout [UInt8], to size: Int) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        var more = piece()
        if Bool.random(using: &random) { more += piece() }
        let count = max(0, size - bytes.count) / max(1, more.count)
        bytes.insert(contentsOf: Array(repeating: more, count: count).joined(), at: place)
    }

    private mutating func piece() -> [UInt8] {
        Array((Self.pieces.randomElement(using: &random) ?? "").utf8)
    }

    /// A random index below `count`.
    mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
}

/// SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

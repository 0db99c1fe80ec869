import Testing

@testable import fuzz

/// The fuzzer's saved inputs, in seconds: what once crashed a parser or cost too much, and valid inputs.
@Suite struct CorpusTests {
    @Test(arguments: ForeignParser.all)
    func nothingOfTheCorpusCrashesOrCosts(_ parser: ForeignParser) {
        for input in parser.seeds.map({ Array($0.utf8) }) + Fuzz.inputs(for: parser) {
            let cost = Cost.of(input, parser, tries: 2)
            #expect(!Cost.isTooHigh(cost, bytes: input.count), "\(parser.name): \(input.count) bytes, \(cost) ns")
        }
    }

    /// Generated inputs, the same on every machine.
    @Test(arguments: ForeignParser.all)
    func aFewThousandInputsAreRead(_ parser: ForeignParser) {
        var mutator = Mutator(seed: 4711)
        let pool = parser.seeds.map { Array($0.utf8) }
        for _ in 0..<1000 {
            let input = mutator.change(pool[mutator.pick(pool.count)], among: pool, limit: min(parser.limit, 4096))
            let cost = Cost.of(input, parser)
            guard Cost.isTooHigh(cost, bytes: input.count) else { continue }
            #expect(!Cost.isTooHigh(Cost.of(input, parser, tries: 3), bytes: input.count), "\(parser.name): \(input)")
        }
    }
}

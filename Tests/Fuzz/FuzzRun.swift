import Foundation

/// Feeds one parser with mutated inputs for a given time. A crash ends the process; its input is in `PARSER.last`.
struct FuzzRun {
    let parser: ForeignParser
    let seconds: Double
    let seed: UInt64
    /// Where findings are saved.
    let folder: URL

    private static let most = 400

    /// Nil when nothing was found.
    func run(corpus: [[UInt8]]) throws -> String? {
        var mutator = Mutator(seed: seed)
        var pool = (parser.seeds.map { Array($0.utf8) } + corpus).filter { $0.count <= parser.limit }
        var worst = 0.0
        var count = 0
        let end = ContinuousClock.now + .seconds(seconds)
        let last = folder.appending(path: "\(parser.name).last")
        while ContinuousClock.now < end {
            let input = mutator.change(pool[mutator.pick(pool.count)], among: pool, limit: parser.limit)
            if input.count > 1024 || count % 512 == 0 { try Data(input).write(to: last) }
            let cost = Cost.of(input, parser)
            count += 1
            if Cost.isTooHigh(cost, bytes: input.count),
                Cost.isTooHigh(Cost.of(input, parser, tries: 3), bytes: input.count)
            {
                return try keep(input, cost)
            }
            // An input that costs more for its length than any before is worth mutating further.
            let weight = Double(cost) / Double(input.count + 200)
            if weight > worst || mutator.pick(2000) == 0 {
                worst = max(worst, weight * 0.98)
                if pool.count < Self.most { pool.append(input) } else { pool[mutator.pick(pool.count)] = input }
            }
            worst *= 0.9999
        }
        try? FileManager.default.removeItem(at: last)
        print("\(parser.name): \(count) inputs in \(Int(seconds)) s, nothing found")
        return nil
    }

    private func keep(_ input: [UInt8], _ cost: UInt64) throws -> String {
        let file = folder.appending(path: "\(parser.name)-\(seed)-cost")
        try Data(input).write(to: file)
        return "\(parser.name): \(input.count) bytes cost \(cost / 1_000_000) ms; they are in \(file.path())"
    }
}

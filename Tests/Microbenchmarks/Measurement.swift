import Foundation

/// What something costs: the median of several rounds, so that a moment in which others have the processor does not count.
struct Measurement {
    private static let rounds = 7

    let name: String
    /// Microseconds of wall time.
    let median: Double
    let fastest: Double

    /// - Parameters:
    ///   - times: how often each round does it.
    ///   - body: gets a number that it has not got before.
    init(_ name: String, times: Int, _ body: (Int) async throws -> Void) async rethrows {
        var rounds: [Double] = []
        for round in 0..<Self.rounds {
            let begin = ContinuousClock.now
            for number in 0..<times { try await body(round * times + number) }
            rounds.append(Double((ContinuousClock.now - begin) / .microseconds(1)) / Double(times))
        }
        rounds.sort()
        self.name = name
        median = rounds[rounds.count / 2]
        fastest = rounds[0]
    }

    var line: String {
        let numbers = [median, fastest].map { String(format: "%10.2f", $0) }.joined()
        return name.padding(toLength: 44, withPad: " ", startingAt: 0) + numbers
    }
}

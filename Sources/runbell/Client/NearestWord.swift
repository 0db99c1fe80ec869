/// The word that somebody may have meant to type.
enum NearestWord {
    /// Nobody mistypes longer words; and comparing takes the square of their length.
    private static let mostBytes = 40

    /// The nearest of the words; nil if none is near: at most a third of its letters wrong, missing or swapped, or the
    /// beginning of exactly one.
    static func find(_ typed: String, among words: [String]) -> String? {
        let typed = Array(typed.lowercased().utf8)
        guard (1...mostBytes).contains(typed.count) else { return nil }
        let near = words.compactMap { word -> (word: String, distance: Int)? in
            let letters = Array(word.lowercased().utf8.prefix(mostBytes))
            let distance = distance(typed, letters)
            return distance <= max(1, min(typed.count, letters.count) / 3) ? (word, distance) : nil
        }
        if let nearest = near.min(by: { $0.distance < $1.distance }) { return nearest.word }
        let longer = words.filter { typed.count > 1 && $0.lowercased().utf8.starts(with: typed) }
        return longer.count == 1 ? longer.first : nil
    }

    /// ` Did you mean failed?`, or nothing.
    static func hint(_ typed: String, among words: [String]) -> String {
        find(typed, among: words).map { " Did you mean \($0.printable)?" } ?? ""
    }

    /// How many letters have to be put in, left out, replaced, or swapped with their neighbor.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var last: [Int] = []
        var row = Array(0...other.count)
        for i in one.indices {
            var next = [i + 1]
            for j in other.indices {
                var steps = min(row[j] + (one[i] == other[j] ? 0 : 1), row[j + 1] + 1, next[j] + 1)
                if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] { steps = min(steps, last[j - 1] + 1) }
                next.append(steps)
            }
            (last, row) = (row, next)
        }
        return row[other.count]
    }
}

import Crypto

/// A number for something that has none of its own: the same parts always get the same one.
package enum StableNumber {
    /// Positive and at most 53 bits, which every JSON reader keeps: the beginning of a SHA-256. Among a million of
    /// them, two are the same with a probability of 1 in 18,000.
    package static func of(_ parts: [String]) -> Int64 {
        var hash = SHA256()
        for part in parts {
            hash.update(data: Array("\(part.utf8.count):".utf8))
            hash.update(data: Array(part.utf8))
        }
        let number = hash.finalize().prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } >> 11
        return Int64(max(1, number))
    }
}

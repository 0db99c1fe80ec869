/// The binary form of `numeric`, which the sum of whole numbers is: a header of four 16-bit numbers, then digits of base
/// 10,000, the first of which stands for 10,000 to the power of `weight`
/// (https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/utils/adt/numeric.c, `numeric_send`).
struct BinaryNumeric {
    private let digits: [Int64]
    private let weight: Int
    private let isNegative: Bool

    /// Nil if the bytes are not a number.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 8, bytes.count.isMultiple(of: 2) else { return nil }
        let words = stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        guard words.count == 4 + Int(words[0]), words[2] == 0 || words[2] == 0x4000 else { return nil }
        digits = words.dropFirst(4).map(Int64.init)
        weight = Int(Int16(bitPattern: words[1]))
        isNegative = words[2] != 0
    }

    /// Without its fraction; nil if it does not fit.
    var integer: Int64? {
        guard weight >= 0 else { return 0 }
        var value: Int64 = 0
        for place in 0...weight {
            let digit = digits.indices.contains(place) ? digits[place] : 0
            let (product, overflow) = value.multipliedReportingOverflow(by: 10_000)
            let (sum, overflowToo) = product.addingReportingOverflow(isNegative ? -digit : digit)
            if overflow || overflowToo { return nil }
            value = sum
        }
        return value
    }
}

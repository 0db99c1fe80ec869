/// Base 62: digits, upper-case and lower-case letters.
enum Base62 {
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    static func isDigit(_ byte: UInt8) -> Bool { digits.contains(byte) }

    static func random(_ count: Int, using generator: inout SystemRandomNumberGenerator) -> String {
        String(decoding: (0..<count).map { _ in digits[Int.random(in: 0..<62, using: &generator)] }, as: UTF8.self)
    }

    /// Encodes a number with leading zeros. `width` must be large enough.
    static func encode(_ number: UInt32, width: Int) -> String {
        var rest = Int(number)
        var text: [UInt8] = []
        for _ in 0..<width {
            text.append(digits[rest % 62])
            rest /= 62
        }
        return String(decoding: text.reversed(), as: UTF8.self)
    }
}

import Crypto
import Notifications

/// A hash over rows, the same for equal rows in whatever engine they are.
struct RowHash {
    private var hash = SHA256()
    private(set) var rows: Int64 = 0

    mutating func add(_ row: CopiedRow) {
        rows += 1
        for value in row {
            switch value {
            case .null: add(0, [])
            case .integer(let number): add(1, withUnsafeBytes(of: number.bigEndian) { Array($0) })
            case .text(let text): add(2, Array(text.utf8))
            case .blob(let bytes): add(3, bytes)
            case .id(let high, let low): add(3, withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { Array($0) })
            }
        }
    }

    /// The length goes before the bytes, so that no two rows have the same text.
    private mutating func add(_ kind: UInt8, _ bytes: [UInt8]) {
        withUnsafeBytes(of: UInt64(bytes.count).bigEndian) { length in
            hash.update(data: [kind] + length + bytes)
        }
    }

    /// 64 hexadecimal digits.
    var text: String { Hexadecimal.encode(Array(hash.finalize())) }
}

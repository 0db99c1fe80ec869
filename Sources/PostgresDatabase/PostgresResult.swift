import CPostgres
import Repository

/// What a statement returned, until nobody needs it.
final class PostgresResult {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    var count: Int { Int(PQntuples(pointer)) }

    /// How many rows the statement changed.
    var changed: Int { PQcmdTuples(pointer).flatMap { Int(String(cString: $0)) } ?? 0 }

    /// The first column of the first row; nil if there is no row or it is NULL.
    var firstText: String? {
        guard count > 0 else { return nil }
        return PostgresRow(result: self, row: 0).optionalText(0)
    }

    /// What the server calls the command: `COMMIT`.
    var command: String { PQcmdStatus(pointer).map { String(cString: $0) } ?? "" }

    deinit { PQclear(pointer) }
}

/// One row of a result, in binary form.
struct PostgresRow: SQLRow {
    let result: PostgresResult
    let row: CInt

    func isNull(_ column: Int) -> Bool { PQgetisnull(result.pointer, row, CInt(column)) == 1 }

    func storedInteger(_ column: Int) -> Int64 {
        let bytes = bytes(column)
        guard let type = PostgresType(rawValue: PQftype(result.pointer, CInt(column))) else { return 0 }
        if type == .numeric { return BinaryNumeric(bytes)?.integer ?? 0 }
        guard let size = type.integerSize, bytes.count == size else { return 0 }
        let negative = size > 1 && (bytes.first ?? 0) >= 0x80
        return bytes.reduce(negative ? -1 : 0) { $0 << 8 | Int64($1) }
    }

    func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }

    func blob(_ column: Int) -> [UInt8] { Array(bytes(column)) }

    func words(_ column: Int) -> (high: UInt64, low: UInt64)? {
        let bytes = bytes(column)
        guard let start = bytes.baseAddress, bytes.count == 16 else { return nil }
        return (
            UInt64(bigEndian: start.loadUnaligned(as: UInt64.self)),
            UInt64(bigEndian: start.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        )
    }

    /// Valid as long as the result; empty for NULL.
    private func bytes(_ column: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: PQgetvalue(result.pointer, row, CInt(column)),
            count: Int(PQgetlength(result.pointer, row, CInt(column))))
    }
}

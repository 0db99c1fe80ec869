import CPostgres
import Repository

/// The values of one statement in the form in which they are sent: binary where the type has one here, text otherwise.
struct ParameterList {
    private var bytes: [CChar] = []
    /// Where each value begins; nil for NULL.
    private var places: [Int?] = []
    private var lengths: [CInt] = []
    private var formats: [CInt] = []

    /// - Parameter types: as the server inferred them. Values that the statement does not mention are left out.
    init(_ values: [SQLValue], types: [UInt32]) throws(PostgresFault) {
        guard values.count >= types.count else {
            throw PostgresFault(meaning: .mistake, message: "a statement has more places than values")
        }
        for (value, type) in zip(values, types) { try add(value, as: PostgresType(rawValue: type)) }
    }

    var count: CInt { CInt(places.count) }

    /// Calls `send` with the arrays that libpq takes.
    func send(
        _ send: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?, UnsafePointer<CInt>?
        ) -> CInt
    ) -> CInt {
        bytes.withUnsafeBufferPointer { buffer in
            // An empty value is not NULL, and needs an address too.
            withUnsafePointer(to: CChar(0)) { nothing in
                let values = places.map { place in place.map { (buffer.baseAddress ?? nothing) + $0 } }
                return send(values, lengths, formats)
            }
        }
    }

    private mutating func add(_ value: SQLValue, as type: PostgresType?) throws(PostgresFault) {
        switch (value, type) {
        case (.null, _): addNull()
        case (.integer(let number), let type):
            guard let size = type?.integerSize, size > 1 || number == 0 || number == 1 else {
                return try addText(String(number))
            }
            try add(number, size: size)
        case (.text(let text), .text), (.text(let text), .varchar): try add(text: text)
        case (.text(let text), _): try addText(text)
        case (.blob(let bytes), _): add(bytes)
        case (.id(let high, let low), _): withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { add($0) }
        }
    }

    private mutating func addNull() {
        places.append(nil)
        lengths.append(0)
        formats.append(1)
    }

    private mutating func add(_ number: Int64, size: Int) throws(PostgresFault) {
        let room = 64 - 8 * size
        guard size == 1 || (number << room) >> room == number else {
            throw PostgresFault(meaning: .mistake, message: "a number is too large for its column")
        }
        withUnsafeBytes(of: number.bigEndian) { add($0.suffix(size)) }
    }

    private mutating func add(text: String) throws(PostgresFault) {
        guard !text.utf8.contains(0) else { throw .nul }
        add(text.utf8)
    }

    /// For types without a binary form here: the server reads the text, which ends with a zero byte.
    private mutating func addText(_ text: String) throws(PostgresFault) {
        try add(text: text)
        bytes.append(0)
        formats[formats.count - 1] = 0
    }

    private mutating func add(_ value: some Collection<UInt8>) {
        places.append(bytes.count)
        lengths.append(CInt(value.count))
        formats.append(1)
        bytes.append(contentsOf: value.lazy.map { CChar(bitPattern: $0) })
    }
}

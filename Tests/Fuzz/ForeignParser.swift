/// A parser of untrusted bytes, as the fuzzer sees it.
struct ForeignParser: Sendable, CustomStringConvertible {
    let name: String
    /// The most bytes that the service ever passes to it.
    let limit: Int
    /// Valid inputs to start from.
    let seeds: [String]
    /// Reads the bytes. It may accept or reject them, but it must return soon.
    let read: @Sendable ([UInt8]) -> Void

    init(_ name: String, limit: Int, seeds: [String], read: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.limit = limit
        self.seeds = seeds
        self.read = read
    }

    /// For parsers of text: bytes that are not valid UTF-8 arrive as Swift repairs them.
    init(text name: String, limit: Int, seeds: [String], read: @escaping @Sendable (String) -> Void) {
        self.init(name, limit: limit, seeds: seeds) { read(String(decoding: $0, as: UTF8.self)) }
    }

    var description: String { name }

    static let all = bodies + answers + values + heads

    static func named(_ name: String) -> ForeignParser? { (all + [planted]).first { $0.name == name } }

    /// Not a real parser: it compares strings by grapheme clusters. The tests must detect it.
    static let planted = ForeignParser(text: "planted", limit: 256 * 1024, seeds: ["test.started"]) { text in
        precondition(text != "test.started" || text.utf8.count == 12)
    }
}

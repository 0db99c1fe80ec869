/// Something that reads bytes which others send, as the fuzzer sees it.
struct ForeignParser: Sendable, CustomStringConvertible {
    let name: String
    /// The most bytes that it is given in the service.
    let limit: Int
    /// Inputs that it takes, to begin with.
    let seeds: [String]
    /// Reads the bytes. Whether it takes them is all the same; it must come back, soon.
    let read: @Sendable ([UInt8]) -> Void

    init(_ name: String, limit: Int, seeds: [String], read: @escaping @Sendable ([UInt8]) -> Void) {
        self.name = name
        self.limit = limit
        self.seeds = seeds
        self.read = read
    }

    /// For what reads texts: bytes that are no UTF-8 come as Swift repairs them.
    init(text name: String, limit: Int, seeds: [String], read: @escaping @Sendable (String) -> Void) {
        self.init(name, limit: limit, seeds: seeds) { read(String(decoding: $0, as: UTF8.self)) }
    }

    var description: String { name }

    static let all = bodies + answers + values + heads

    static func named(_ name: String) -> ForeignParser? { (all + [planted]).first { $0.name == name } }

    /// None of ours: it compares what people see. The tests must find it.
    static let planted = ForeignParser(text: "planted", limit: 256 * 1024, seeds: ["test.started"]) { text in
        precondition(text != "test.started" || text.utf8.count == 12)
    }
}

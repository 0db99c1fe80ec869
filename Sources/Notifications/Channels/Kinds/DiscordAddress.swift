/// The address of a webhook of Discord, and those of its messages.
struct DiscordAddress {
    private let base: String
    /// Without `wait`, which only sending takes.
    private let query: [String]

    init(_ url: String) {
        let parts = url.pieces(between: "?", atMost: 2)
        base = String(parts[0]).withoutSlash
        query =
            parts.count < 2
            ? []
            : parts[1].pieces(between: "&").map(String.init).filter { pair in
                !pair.isEmpty && !pair.startsWithBytes(of: "wait=")
            }
    }

    /// Where a message is sent whose id is to be answered.
    var waiting: String { address(base, query + ["wait=true"]) }

    /// Where a message is replaced.
    func message(_ id: String) -> String { address("\(base)/messages/\(PercentEncoding.encode(id))", query) }

    private func address(_ path: String, _ query: [String]) -> String {
        base.isEmpty ? "" : ([path] + (query.isEmpty ? [] : [query.joined(separator: "&")])).joined(separator: "?")
    }
}

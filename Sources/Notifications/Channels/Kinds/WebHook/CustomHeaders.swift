/// Header fields that an organization adds to its web hook's requests, one on a line: `X-Team: shop`. Secret ones are a
/// setting of their own, which nobody sees again.
enum CustomHeaders {
    static let fields = [
        Field(
            key: "headers", label: "Headers", type: .lines(bytes: 4000), isRequired: false,
            help: "Additional headers that everybody in the organization may see, one on a line.",
            example: "X-Team: shop"),
        Field(
            key: "secret_headers", label: "Secret headers", type: .lines(bytes: 4000), isRequired: false,
            isSecret: true,
            help: "Additional headers that are hidden once they are saved, one on a line.", example: "X-Api-Key: …"),
    ]

    private static let mostHeaders = 20
    private static let (hyphen, underscore) = (UInt8(ascii: "-"), UInt8(ascii: "_"))
    private static let nameBytes = 64
    private static let valueBytes = 1000

    /// Names that the service sets itself, or that would change how the request is read.
    private static let reserved: Set<String> = [
        "accept-encoding", "authorization", "connection", "content-encoding", "content-length", "content-type", "date",
        "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "user-agent", "via",
    ]
    private static let reservedBeginnings = ["ce-", "proxy-", "sec-", "webhook-", "x-k6cloud-", "x-loadimpact-"]

    static func headers(_ settings: ChannelSettings) -> [HTTPMessage.Header] {
        fields.flatMap { field in
            lines(settings.text(field.key)).compactMap { line in
                split(line).map { HTTPMessage.Header($0.name, $0.value, isSecret: field.isSecret) }
            }
        }
    }

    static func errors(in settings: ChannelSettings) -> [ValidationError] {
        var seen: Set<ForeignText> = []
        return fields.flatMap { field in
            let lines = lines(settings.text(field.key))
            guard lines.count <= mostHeaders else {
                return [ValidationError(field.key, "At most \(mostHeaders) headers are allowed.")]
            }
            return lines.indices.compactMap { index in
                error(in: lines[index], &seen).map { ValidationError(field.key, "Line \(index + 1): \($0)") }
            }
        }
    }

    /// The error never contains a value, which may be secret.
    private static func error(in line: Substring, _ seen: inout Set<ForeignText>) -> String? {
        guard let (name, value) = split(line) else { return "A header is written as Name: value." }
        guard (1...nameBytes).contains(name.utf8.count), name.utf8.allSatisfy(isTokenByte) else {
            return "A header's name consists of letters, digits, hyphens and underscores, at most \(nameBytes) of them."
        }
        let lowercase = name.lowercased()
        // Servers behind CGI and its successors do not tell an underscore from a hyphen.
        let seenByServers = String(decoding: lowercase.utf8.map { $0 == underscore ? hyphen : $0 }, as: UTF8.self)
        guard !reserved.contains(seenByServers), !reservedBeginnings.contains(where: seenByServers.startsWithBytes)
        else {
            return "The header \(name) is set by Runbell itself, or by another setting."
        }
        guard (1...valueBytes).contains(value.utf8.count), value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return "A header's value consists of 1 to \(valueBytes) characters of ASCII."
        }
        return seen.insert(ForeignText(lowercase)).inserted ? nil : "The header \(name) occurs twice."
    }

    private static func lines(_ text: String?) -> [Substring] {
        (text ?? "").pieces(between: "\n").filter(\.hasVisibleByte)
    }

    private static func split(_ line: Substring) -> (name: String, value: String)? {
        let parts = line.pieces(between: ":", atMost: 2)
        guard parts.count == 2 else { return nil }
        return (String(parts[0]), trimmed(parts[1]))
    }

    private static func trimmed(_ text: Substring) -> String {
        let bytes = text.utf8.drop { isBlank($0) }
        let end = bytes.lastIndex { !isBlank($0) }.map { bytes.index(after: $0) } ?? bytes.startIndex
        return String(decoding: Array(bytes[bytes.startIndex..<end]), as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension Substring {
    fileprivate var hasVisibleByte: Bool { utf8.contains { $0 > 0x20 } }
}

import Foundation
import Notifications

/// A mail, or a part of one (RFC 2045): header fields, and what follows them.
struct MailPart: Sendable {
    /// Names in lower case, values on one line and decoded.
    let headers: [String: String]
    private let lines: ArraySlice<ArraySlice<UInt8>>

    init(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
        self.init(lines[...])
    }

    private init(_ lines: ArraySlice<ArraySlice<UInt8>>) {
        let end = lines.firstIndex(where: \.isEmpty) ?? lines.endIndex
        var headers: [String: String] = [:]
        var name = ""
        for line in lines[..<end] {
            let text = String(decoding: line, as: UTF8.self)
            if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
                headers[name]? += " " + text
                continue
            }
            let parts = text.pieces(between: ":", atMost: 2)
            name = parts[0].lowercased()
            if parts.count == 2, headers[name] == nil { headers[name] = String(parts[1]) }
        }
        self.headers = headers.mapValues(EncodedWords.decoded)
        self.lines = lines[end...].dropFirst()
    }

    /// Everything after the header, as it was sent.
    var body: String {
        String(decoding: Array(lines.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
    }

    /// The first part that is plain text. Parts within parts are looked into a few times.
    func text(depth: Int = 4) -> String? {
        let type = headers["content-type"] ?? "text/plain"
        if type.lowercased().startsWithBytes(of: "text/plain") { return String(decoding: decoded, as: UTF8.self) }
        guard depth > 0, let boundary = Self.boundary(in: type) else { return nil }
        return parts(between: Array("--\(boundary)".utf8)).lazy.compactMap { $0.text(depth: depth - 1) }.first
    }

    private func parts(between delimiter: [UInt8]) -> [MailPart] {
        let places = lines.indices.filter { lines[$0].starts(with: delimiter) }
        return zip(places, places.dropFirst()).map { MailPart(lines[($0 + 1)..<$1]) }
    }

    private static func boundary(in type: String) -> String? {
        let marker = "boundary="
        let parameter = type.pieces(between: ";").lazy.map { $0.trimmingCharacters(in: .whitespaces) }
            .first { $0.lowercased().startsWithBytes(of: marker) }
        return parameter.map { $0.dropFirst(marker.count).trimmingCharacters(in: ["\""]) }
    }

    private var decoded: [UInt8] {
        let bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
        let encoding = headers["content-transfer-encoding"]?.lowercased() ?? ""
        if encoding.sameBytes(as: "quoted-printable") { return QuotedPrintable.decoded(bytes) }
        guard encoding.sameBytes(as: "base64") else { return bytes }
        return Data(base64Encoded: Data(bytes), options: .ignoreUnknownCharacters).map(Array.init) ?? []
    }
}

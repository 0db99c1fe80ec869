import Crypto
import HTTPTypes
import Hummingbird
import Notifications
import WebServing

/// The pages' own files, compiled into the program. Their names contain a hash of their content, so browsers may cache
/// them forever, and a new version gets a new name.
struct PageAsset: Sendable {
    let path: String
    private let bytes: [UInt8]
    private let mediaType: String

    init(_ stem: String, _ ending: String, _ mediaType: String, _ bytes: [UInt8]) {
        let bytes = Self.shortened(bytes)
        let hash = Hexadecimal.encode(SHA256.hash(data: bytes).prefix(6))
        path = "/assets/\(stem)-\(hash).\(ending)"
        self.bytes = bytes
        self.mediaType = mediaType
    }

    /// Without indentation and without lines that are only a comment.
    private static func shortened(_ bytes: [UInt8]) -> [UInt8] {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { line in line.drop { $0 == UInt8(ascii: " ") } }
        return Array(lines.filter { !isComment($0) }.joined(separator: [UInt8(ascii: "\n")]))
    }

    private static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
        line.starts(with: "//".utf8) || line.starts(with: "/*".utf8) && line.suffix(2).elementsEqual("*/".utf8)
    }

    static let styles = PageAsset("runbell", "css", "text/css; charset=utf-8", PackageResources.runbell_css)
    static let script = PageAsset("runbell", "js", "text/javascript; charset=utf-8", PackageResources.runbell_js)
    static let icon = PageAsset("bell", "svg", "image/svg+xml", PackageResources.bell_svg)
    static let all = [styles, script, icon]

    func response() -> Response {
        Response(
            status: .ok,
            headers: [.contentType: mediaType, .cacheControl: "public, max-age=31536000, immutable"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

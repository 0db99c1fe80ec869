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
        let hash = Hexadecimal.encode(SHA256.hash(data: bytes).prefix(6))
        path = "/assets/\(stem)-\(hash).\(ending)"
        self.bytes = bytes
        self.mediaType = mediaType
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

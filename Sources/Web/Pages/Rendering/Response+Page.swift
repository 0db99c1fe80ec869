import HTTPTypes
import Hummingbird

extension Response {
    static func page(_ model: some PageModel, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: PageTemplates.render(model))))
    }

    /// To another page, by GET.
    static func see(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }
}

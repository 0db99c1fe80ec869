import HTTPTypes
import Hummingbird
import Notifications
import OutboundHTTP

@testable import WebPages
@testable import WebServing

/// Request heads.
extension ForeignParser {
    static let heads = [
        ForeignParser(
            text: "query", limit: 2000, seeds: ["limit=50&cursor=00&state=failed", "since=2026-11-23T10:12:30Z"]
        ) {
            text in
            var reader = QueryReader(text)
            _ = (reader.page(), reader.span(), reader.text("state"))
            let state: DeliveryState? = reader.choice("state")
            _ = state
            try? reader.finish()
            _ = DeliverySearch(text, of: "/a")
        },
        ForeignParser(
            text: "media-type", limit: 16 * 1024, seeds: ["application/json; charset=utf-8", "text/plain;a;b"]
        ) {
            text in
            let fields = HTTPFields([HTTPField(name: .contentType, value: text)])
            for form in [BodyForm.json, .form, .report] { try? form.check(fields) }
        },
        ForeignParser(text: "cookie", limit: 16 * 1024, seeds: ["a=b; runbell-session=00; c=d", "__Host-runbell=00"]) {
            text in
            for isSecure in [true, false] {
                _ = SessionCookie(isSecure: isSecure).token(in: [.cookie: text])
            }
        },
        ForeignParser(text: "headers", limit: 16 * 1024, seeds: ["\"3\"", "*", "same-origin", "https://localhost"]) {
            text in
            let fields: HTTPFields = [
                .ifMatch: text, .idempotencyKey: text, .secFetchSite: text, .origin: text, .contentLength: text,
            ]
            let head = HTTPRequest(method: .post, scheme: "http", authority: text, path: "/login", headerFields: fields)
            let request = Request(head: head, body: .init(buffer: .init()))
            _ = try? request.ifMatch()
            _ = try? request.idempotencyKey()
            _ = request.hasBody
            try? SameOrigin(publicOrigin: nil).check(request)
            try? SameOrigin(publicOrigin: "https://a.example").check(request)
        },
        ForeignParser(
            "transfer-encoding", limit: 256 * 1024, seeds: ["a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"]
        ) {
            bytes in
            var scan = TransferEncodingScan()
            var rest = bytes[...]
            while let unusual = scan.unusual(in: rest) { rest = rest[(unusual + 1)...] }
        },
    ]
}

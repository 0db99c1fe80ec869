import HTTPTypes
import Hummingbird
import Notifications

/// Refuses what no route accepts, before anything is looked up or read. Hummingbird itself accepts requests without
/// `Host`, with two of them, with double slashes in the path, and with any media type.
struct EarlyRejection: RouterMiddleware {
    let hosts: KnownHosts

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        try checkHost(request.head, path: request.uri.path)
        try Self.checkTarget(request.head.path ?? "", path: request.uri.path)
        guard RouteTable.methods.contains(request.method) else { throw Problem.unknownMethod }
        if request.hasBody {
            try Self.checkBody(request)
        }
        return try await next(request, context)
    }

    /// Exactly one (RFC 9112, section 3.2), and one of ours. Health checks may use any name.
    private func checkHost(_ head: HTTPRequest, path: String) throws(Problem) {
        guard let authority = head.authority, !authority.isEmpty, !head.headerFields.contains(.secondHost) else {
            throw .badRequest("Exactly one Host header is required.")
        }
        guard hosts.take(authority) || SpecialPaths.isHealth(path) else {
            throw .misdirected
        }
    }

    /// Each path has one spelling: no `//`, no dot segments, no trailing slash, and no percent-encoding but in the names of
    /// HipChat's rooms, which decide nothing.
    private static func checkTarget(_ target: String, path: String) throws(Problem) {
        guard target.utf8.count <= 2000 else { throw .uriTooLong }
        guard !target.utf8.contains(UInt8(ascii: "#")) else { throw .notFound }
        let isRoom = SpecialPaths.isRoomNotification(path)
        var previous: UInt8 = 0
        for byte in path.utf8 {
            guard byte.standsInPaths || isRoom && byte.standsInRooms, previous != slash || byte != slash && byte != dot
            else { throw .notFound }
            previous = byte
        }
        guard path.utf8.first == slash, previous != slash || path.utf8.count == 1 else { throw .notFound }
    }

    /// Methods without a body are left to the route table: if there is no such route, that is the error to report.
    private static func checkBody(_ request: Request) throws(Problem) {
        guard request.method.takesBody else { return }
        let limit = BodyLimit.of(path: request.uri.path)
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw .bodyTooLarge(limit: limit)
        }
        guard !request.headers.contains(.contentEncoding) else {
            throw .unsupportedMediaType("Content-Encoding is not supported.")
        }
        try BodyForm.of(path: request.uri.path).check(request.headers)
    }

    private static let slash = UInt8(ascii: "/")
    private static let dot = UInt8(ascii: ".")
}

extension UInt8 {
    /// The bytes that routes and ids consist of.
    fileprivate var standsInPaths: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "/"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// The other bytes of a path's segment (RFC 3986, section 3.3).
    fileprivate var standsInRooms: Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) || "_~%!$&'()*+,;=:@".utf8.contains(self)
    }
}

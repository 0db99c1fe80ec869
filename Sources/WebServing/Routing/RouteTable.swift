import HTTPTypes
import Hummingbird

/// Handles a request that has passed the common checks.
package typealias Handler = @Sendable (Request, APIContext) async throws -> Response

/// All routes. It adds to Hummingbird's router a 405 with `Allow` for methods that a path does not have, and the
/// refusal of query parameters on routes that take none.
package struct RouteTable {
    private let open: Router<APIContext>
    private let keyed: RouterGroup<APIContext>
    private let paged: RouterGroup<APIContext>
    private let admitted: RouterGroup<APIContext>
    /// The methods of each path of the API.
    private(set) var taken: [String: [HTTPRequest.Method]] = [:]
    /// The methods of each path of the pages, which the API description leaves out.
    private(set) var takenByPages: [String: [HTTPRequest.Method]] = [:]

    /// Methods that get a 405 on a path that does not have them; others get a 501 before the path is looked at.
    static let methods: [HTTPRequest.Method] =
        [.get, .head, .post, .put, .patch, .delete, .options, .trace, .connect]
        + ["QUERY"].compactMap { HTTPRequest.Method($0) }

    /// A table without routes.
    ///
    /// - Parameters:
    ///   - authentication: runs before the routes that need a key.
    ///   - desk: decides which writes are admitted.
    ///   - guardian: runs before the pages.
    ///   - hosts: names, without ports, that requests may be addressed to besides `localhost` and IP addresses.
    package init(
        authentication: Authentication, desk: AdmissionController, guardian: some PageGuard, hosts: [String]
    ) {
        let admission = AdmissionGate(desk: desk)
        open = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        open.addMiddleware {
            RequestMetrics()
            AnswerHeaders(pages: guardian)
            EarlyRejection(hosts: KnownHosts(hosts))
        }
        keyed = open.group().addMiddleware {
            authentication
            admission
        }
        paged = open.group().addMiddleware {
            guardian
            admission
        }
        admitted = open.group().addMiddleware { admission }
    }

    /// A route that needs a key. With `query`, its handler reads the query parameters (`QueryReader`).
    package mutating func on(
        _ method: HTTPRequest.Method, _ path: String, query: Bool = false, use handler: @escaping Handler
    ) {
        taken[path, default: []].append(method)
        Self.add(method, path, to: keyed, query: query, handler)
    }

    /// A route that needs no key.
    package mutating func onOpen(_ method: HTTPRequest.Method, _ path: String, use handler: @escaping Handler) {
        taken[path, default: []].append(method)
        Self.add(method, path, to: open, query: false, handler)
    }

    /// A page, or a resource that only pages request.
    package mutating func onPage(
        _ method: HTTPRequest.Method, _ path: String, query: Bool = false, use handler: @escaping Handler
    ) {
        takenByPages[path, default: []].append(method)
        Self.add(method, path, to: paged, query: query, handler)
    }

    /// What pages need without a signed-in user: their files, and the address for browser reports.
    package mutating func onPageFile(_ method: HTTPRequest.Method, _ path: String, use handler: @escaping Handler) {
        takenByPages[path, default: []].append(method)
        Self.add(method, path, to: admitted, query: false, handler)
    }

    func responder() -> RouterResponder<APIContext> {
        for (path, methods) in taken.merging(takenByPages, uniquingKeysWith: +) {
            refuseOtherMethods(than: methods, on: path)
        }
        return open.buildResponder()
    }

    private static func add(
        _ method: HTTPRequest.Method, _ path: String, to router: some RouterMethods<APIContext>, query: Bool,
        _ handler: @escaping Handler
    ) {
        router.on(RouterPath(path), method: method) { request, context in
            if !method.takesBody, request.hasBody { throw Problem.badRequest("This method does not accept a body.") }
            if !query { try QueryReader.refuseAll(request.uri.query) }
            // A change is not cancelled halfway.
            guard method == .get else { return try await handler(request, context) }
            return try await context.whileClientWaits { try await handler(request, context) }
        }
    }

    private func refuseOtherMethods(than methods: [HTTPRequest.Method], on path: String) {
        // Hummingbird derives HEAD from GET.
        let allowed = methods + (methods.contains(.get) ? [.head] : [])
        let allow = allowed.map(\.rawValue).sorted().joined(separator: ", ")
        for method in Self.methods where !allowed.contains(method) {
            open.on(RouterPath(path), method: method) { _, _ -> Response in
                throw Problem.methodNotAllowed(allow: allow)
            }
        }
    }
}

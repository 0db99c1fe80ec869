import Hummingbird
import Notifications
import Repository
import WebServing

struct ChannelKindRoutes {
    let repository: Repository

    private var kinds: ChannelCatalogue { repository.kinds }

    func add(to routes: inout RouteTable) {
        let catalogue: JSONValue = ["data": .array(kinds.kinds.map(\.json)), "next_cursor": nil]
        let written = ByteBuffer(bytes: catalogue.shownBytes)
        routes.on(.get, "/v1/channel-kinds", query: true) { request, context in
            try await repository.requireKey(as: context.principal)
            return request.uri.query == nil ? .json(written: written) : try list(request)
        }
        routes.on(.post, SpecialPaths.recognition, use: recognize)
    }

    /// In display order.
    private func list(_ request: Request) throws(InvalidInput) -> Response {
        let part = try QueryReader.page(request)
        let all = Array(kinds.kinds.enumerated())
        let page = try Page(of: all, part, id: \.offset, position: \.description) { Int($0) }
        return .json(page.json(of: request, \.element.json))
    }

    /// The settings repeat what the caller has just sent; nothing is stored or logged.
    @Sendable private func recognize(_ request: Request, _ context: APIContext) async throws -> Response {
        try await repository.requireKey(as: context.principal)
        var fields = FieldReader(try await request.json())
        let text = fields.text("url", bytes: PastedAddress.lengthLimit)
        try fields.finish()
        guard let found = text.flatMap(kinds.recognize) else {
            return .json(["kind": nil, "name": nil, "settings": nil])
        }
        return .json([
            "kind": .string(found.kind.id), "name": .string(found.kind.name), "settings": .object(found.settings.json),
        ])
    }
}

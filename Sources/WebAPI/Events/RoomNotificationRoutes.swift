import EventRouting
import HTTPTypes
import Hummingbird
import NIOCore
import Notifications
import Repository
import WebServing

/// HipChat's room notification (API v2), for CI jobs that still send it: the message becomes an event of the organization
/// that the token, a service key, belongs to.
struct RoomNotificationRoutes {
    let router: EventRouter
    let desk: AdmissionController

    func add(to routes: inout RouteTable) {
        routes.on(.post, SpecialPaths.roomNotification, query: true, use: post)
    }

    /// Further query parameters are ignored, as by HipChat.
    @Sendable private func post(_ request: Request, _ context: APIContext) async throws -> Response {
        let principal = try context.principal
        guard let home = principal.organizationID else {
            throw RepositoryError.forbidden(Permission.writeEvents.requirement)
        }
        let room = try context.room
        let key = try request.idempotencyKey()
        var query = QueryReader(request)
        if query.text("auth_test")?.sameBytes(as: "true") ?? false {
            // An empty batch only checks the permission.
            _ = try await router.accept(firstOf: [], as: principal)
            return answer(.accepted, home)
        }
        let body = try await request.bytes()
        defer { desk.charge(bytes: body.readableBytes, events: 1, to: home) }
        let message = try request.message(body, to: room, of: home)
        let acceptance = try await EventDesk(router: router, desk: desk).take(
            .messagePosted(message), idempotencyKey: key, as: principal)
        return answer(.noContent, home, isReplay: acceptance.isReplay)
    }

    private func answer(
        _ status: HTTPResponse.Status, _ organization: OrganizationID, isReplay: Bool = false
    ) -> Response {
        let room = desk.eventsLeft(to: organization)
        var headers = HTTPFields.hipChatLimits(left: room.left, of: room.most, resetIn: 1)
        if isReplay { headers[.idempotentReplayed] = "true" }
        return Response(status: status, headers: headers)
    }
}

extension APIContext {
    /// The room in the path, decoded: any text of one line.
    fileprivate var room: String {
        get throws(Problem) {
            guard let name = parameters.get("room").flatMap({ PercentEncoding.decode(Substring($0)) }),
                name.utf8.count <= PostedMessage.roomBytes, name.hasVisibleCharacter,
                !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { throw .notFound }
            return name
        }
    }
}

extension Request {
    fileprivate func message(
        _ body: ByteBuffer, to room: String, of organization: OrganizationID
    ) throws -> PostedMessage {
        let (type, bytes) = (MediaType.Message(headers), body.readableBytesView)
        guard type != .json else {
            return try PostedMessage(hipChat: try JSONValue.parse(bytes), room: room, organization: organization)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidInput("message", "Must be UTF-8.")
        }
        return try PostedMessage(hipChat: text, isHTML: type == .html, room: room, organization: organization)
    }
}

import Hummingbird
import Notifications
import Repository
import WebServing

struct ReplayRoutes {
    let repository: Repository

    func add(to routes: inout RouteTable) {
        let path = "/v1/organizations/:organization/replays"
        routes.on(.post, path, use: start)
        routes.on(.get, path, query: true, use: list)
        routes.on(.get, path + "/:replay", use: show)
        for step in [ReplayStep.pause, .resume, .cancel] {
            routes.on(.post, "\(path)/:replay/\(step.rawValue)") { request, context in
                try await steer(step, request, context)
            }
        }
    }

    /// With `dry_run`, only counts what would be sent.
    @Sendable private func start(_ request: Request, _ context: APIContext) async throws -> Response {
        let organization = try context.organization
        var fields = FieldReader(try await request.json())
        let isDryRun = fields.bool("dry_run", .optional) ?? false
        let replayRequest = fields.replayRequest(now: repository.time)
        try fields.finish()
        guard let replayRequest else { throw InvalidInput(fields.errors) }
        if isDryRun {
            return .json(try await repository.planReplay(replayRequest, in: organization, as: context.principal).json)
        }
        let replay = try await repository.startReplay(replayRequest, in: organization, as: context.principal)
        let place = "/v1/organizations/\(organization)/replays/\(replay.id)"
        return .json(.object(replay.json), status: .accepted, headers: [.location: place])
    }

    @Sendable private func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let part = try QueryReader.page(request)
        let page = try await repository.replays(of: context.organization, page: part, as: context.principal)
        return .json(page.json(of: request) { .object($0.json) })
    }

    @Sendable private func show(_ request: Request, _ context: APIContext) async throws -> Response {
        let id: ReplayID = try context.uniqueID("replay")
        let report = try await repository.replay(id, of: context.organization, as: context.principal)
        var object = report.replay.json
        object["deliveries"] = report.deliveries.json
        return .json(.object(object))
    }

    private func steer(_ step: ReplayStep, _ request: Request, _ context: APIContext) async throws -> Response {
        let id: ReplayID = try context.uniqueID("replay")
        try await request.expectNothing()
        let replay = try await repository.steerReplay(id, step, of: context.organization, as: context.principal)
        return .json(.object(replay.json))
    }
}

extension FieldReader {
    /// Reads `{channel_id, since, until, states, per_minute}`; an end that is missing or in the future means now.
    fileprivate mutating func replayRequest(now: Timestamp) -> ReplayRequest? {
        let channel = text("channel_id", bytes: 64)
        let channelID = channel.flatMap { ChannelID($0) }
        if channel != nil, channelID == nil { reject("channel_id", "Must be a channel's ID.") as Void? }
        let span = replaySpan(now: now)
        let selection = replaySelections()
        let perMinute = integer("per_minute", .orNull, in: ReplayRequest.ratesAllowed)
        guard let channelID, let span, let selection else { return nil }
        return ReplayRequest(
            channelID: channelID, span: span, selection: selection, perMinute: perMinute.map(Int.init))
    }

    private mutating func replaySpan(now: Timestamp) -> ReplaySpan? {
        let since = time("since")
        let until = time("until", .orNull)
        guard let since else { return nil }
        do throws(ReplaySpan.Mistake) {
            return try ReplaySpan(since: since, until: until, now: now)
        } catch {
            switch error {
            case .beginsInFuture: return reject("since", "Must not be in the future.")
            case .endsBeforeItBegins: return reject("until", "Must not be before since.")
            }
        }
    }

    private mutating func replaySelections() -> [ReplaySelection]? {
        guard let values = array("states", atMost: ReplaySelection.allCases.count) else { return nil }
        let selection = values.compactMap { $0.string.flatMap(ReplaySelection.init(word:)) }
        guard selection.count == values.count, !selection.isEmpty, Set(selection).count == selection.count else {
            let words = ReplaySelection.allCases.map(\.rawValue).joined(separator: ", ")
            return reject("states", "Must be one or more of \(words), without duplicates.")
        }
        return selection
    }
}

import Notifications
import Repository

@testable import EventRouting

/// Prints what happens in one seed, a line for each step: `SEED=4711 make simulate`.
extension SimulatedWorld {
    func tell(_ item: Item) {
        guard isTold else { return }
        print("\(time.steady)  \(Self.line(item))")
    }

    private static func line(_ item: Item) -> String {
        switch item {
        case .perform(let process, let effect): "process \(process) does: \(line(effect))"
        case .hear(let process, let input): "process \(process) hears: \(line(input))"
        case .answer(let process, let delivery, let result, _):
            "process \(process) gets an answer for \(short(delivery)): \(result)"
        case .tick(let process, _): "process \(process) looks at its clock"
        case .post(let content): "posted: \(content.type.rawValue) of run \(content.run?.id.description ?? "-")"
        case .accept(let process, let posting):
            "process \(process) accepts: \(posting.content.type.rawValue), room for \(posting.reservation?.turns.count ?? 0)"
        case .enable(let channel): "enabled: \(channel)"
        case .resume(let channel): "resumed: \(channel)"
        case .start: "start"
        case .something: "a user or fate"
        case .heal: "all receivers are well"
        case .sicken: "all receivers begin to fail"
        case .stall: "the writer stalls"
        case .pauseAll(let duration): "all channels are paused for \(duration)"
        case .stop(let duration): "the service is off for \(duration)"
        case .planRemoval(let channel): "to be removed: \(channel)"
        case .undoRemoval(let channel): "kept: \(channel)"
        case .settle: "what is due follows a change of its channel"
        case .setClock: "the clock is set"
        case .replay(let channel): "a replay at \(channel)"
        case .tasks: "replays and removals"
        }
    }

    private static func line(_ effect: EngineEffect) -> String {
        switch effect {
        case .write(let work): "write \(line(work))"
        case .send(let delivery): "send \(short(delivery))"
        case .release(let delivery): "release \(short(delivery))"
        case .sweep: "sweep"
        case .followWallClock(let delta): "follow the wall clock by \(delta)"
        case .finish: "finish"
        }
    }

    private static func line(_ input: EngineInput) -> String {
        switch input {
        case .began(let queues): "began with \(queues.map { "\($0.queue.channelID) at \($0.dueAt)" })"
        case .woken(let queues): "something is due at \(queues.map(\.queue.channelID))"
        case .accepted(let events):
            "accepted; claimed \(events.flatMap(\.claimed).map(short)), due \(events.flatMap(\.dueQueues).count)"
        case .written(let work, let progress):
            "wrote \(line(work)); due \(progress.recorded.flatMap(\.due).map { "\($0.queue.channelID) at \($0.dueAt)" }), "
                + "claimed "
                + "\(progress.claims.map { "\($0.deliveries.map(short)), next \($0.nextDueAt.map { "\($0)" } ?? "never")" })"
        case .writeFailed(let work): "could not write \(line(work))"
        case .answered(let delivery, let answer, _): "\(short(delivery)) was answered: \(answer.verdict.word)"
        case .swept(let sweep): "swept: \(sweep?.queues.count ?? -1) queues"
        default: "\(input)"
        }
    }

    private static func line(_ work: EngineWork) -> String {
        let results = work.results.map { "\(short($0.delivery)): \($0.verdict.word), \($0.outcome)" }
        return "results \(results), claims \(work.turns.map { "\($0.limit) of \($0.queue.channelID)" })"
    }

    private static func short(_ delivery: ClaimedDelivery) -> String {
        "\(delivery.id) (\(delivery.content.type.rawValue), attempt \(delivery.attempt), to \(delivery.queue.channelID))"
    }
}

import Notifications
import Repository

@testable import EventRouting

/// Events on their way through the service: room is set aside, the transaction is written, the engine hears of it.
extension SimulatedWorld {
    func post(_ content: EventContent) {
        let organization = content.run?.organizationID ?? anOrganization()
        guard engine != nil else { return unposted.append(content) }
        postings += 1
        let key = "key-\(postings)"
        let reservation = engine?.reserve(for: organization, at: moment)
        agenda.add(
            .accept(
                process: process,
                Posting(key: key, content: content, organization: organization, reservation: reservation)),
            at: time.steady + jitter(milliseconds: plan.longestWrite))
    }

    /// A client posts again what it has no answer to. A process may die before it learns of the end of its transaction.
    func accept(_ posting: Posting, by process: Int) async throws {
        guard time.steady >= stalledUntil else {
            return agenda.add(.accept(process: process, posting), at: stalledUntil)
        }
        let isAlive = process == self.process && engine != nil
        guard isAlive, !writeFails() else {
            agenda.add(.post(posting.content), at: time.steady + .seconds(1))
            if isAlive { tell(posting.reservation, nil) }
            return
        }
        let acceptance = try await repository.accept(
            posting.content, idempotencyKey: posting.key, claiming: posting.reservation.map(permit),
            as: people.schedulers[posting.organization] ?? .operator)
        posted.append((posting.key, posting.content, acceptance.eventID))
        if sabotage == .eventWithoutADelivery { try await breakRows(of: acceptance.eventID) }
        let rows = try await count("SELECT count(*) FROM deliveries WHERE event_id = $1", SQLValue(acceptance.eventID))
        let expected = channels[posting.organization, default: []].count
        witness.expect(rows == expected, "\(acceptance.eventID) has \(rows) of \(expected) deliveries")
        try await look(at: acceptance.claimed)
        if sabotage == .claimBeforeTheCommit, !acceptance.claimed.isEmpty { try await undo(acceptance) }
        tell(posting.reservation, acceptance)
    }

    /// Clients that found nobody try again.
    func postAgainAfterAStart() {
        let contents = unposted
        unposted = []
        for content in contents { post(content) }
    }

    private func permit(_ reservation: Reservation) -> ClaimPermit {
        ClaimPermit(
            channels: Set(reservation.turns.map(\.queue.channelID)), owner: owner, lease: SimulationPlan.limits.lease)
    }

    private func tell(_ reservation: Reservation?, _ acceptance: Acceptance?) {
        if sabotage == .roomKept, acceptance == nil { return }
        let event = AcceptedEvent(reservation: reservation, acceptance: acceptance)
        agenda.add(.hear(process: process, .accepted([event])), at: time.steady + jitter(milliseconds: 2))
    }
}

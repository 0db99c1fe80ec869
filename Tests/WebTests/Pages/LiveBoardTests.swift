import NIOCore
import Notifications
import Testing

@testable import WebPages
@testable import WebServing

/// How much open live lists may cost.
@Suite struct LiveBoardTests {
    private let start = ContinuousClock.now

    private func list(_ organization: Int64, _ query: String = "") -> LiveList {
        LiveList(organization: OrganizationID(organization), query: Array(query.utf8))
    }

    /// Polls for ten seconds as the streams do, four times a second each; returns how often the database was queried.
    private func looks(_ board: inout LiveBoard, _ lists: [LiveList], taking time: Duration = .zero) -> [LiveList: Int]
    {
        var looks: [LiveList: Int] = [:]
        for glance in 0..<40 {
            let now = start + .milliseconds(250 * glance)
            for list in lists where board.takeTurn(list, at: now) {
                looks[list, default: 0] += 1
                board.endTurn(list, with: ByteBuffer(string: "1"), since: now, at: now + time)
            }
        }
        return looks
    }

    @Test func streamsOfOneOrganizationShareOneLookASecond() {
        var board = LiveBoard()
        let streams = Array(repeating: list(1), count: 16) + [list(2)]
        for stream in streams { board.join(stream) }
        #expect(looks(&board, streams) == [list(1): 10, list(2): 10])
        let number = board.picture(of: list(1))?.number
        #expect(number != nil && number != board.picture(of: list(2))?.number)
    }

    @Test func itsListsTakeTurns() {
        var board = LiveBoard()
        let streams = [list(1), list(1, "state=failed"), list(1, "run=7"), list(1), list(1, "run=8")]
        for stream in streams { board.join(stream) }
        let counts = looks(&board, streams)
        #expect(counts.values.reduce(0, +) == 10 && counts.count == 4)
        #expect(counts.values.allSatisfy { (2...3).contains($0) })
    }

    @Test func aListThatTakesLongIsLookedAtLessOften() {
        var board = LiveBoard()
        board.join(list(1))
        #expect(looks(&board, [list(1)], taking: .milliseconds(100)) == [list(1): 5])
    }

    @Test func onlyAnotherContentIsNew() {
        var board = LiveBoard()
        board.join(list(1))
        for (second, text) in ["a", "a", "b"].enumerated() {
            let now = start + .seconds(second)
            let (isFirst, isSecond) = (board.takeTurn(list(1), at: now), board.takeTurn(list(1), at: now))
            #expect(isFirst && !isSecond)
            board.endTurn(list(1), with: ByteBuffer(string: text), since: now, at: now)
            #expect(board.picture(of: list(1))?.number == (text == "a" ? 1 : 2))
        }
        board.leave(list(1))
        let isTurn = board.takeTurn(list(1), at: start + .seconds(9))
        #expect(board.picture(of: list(1)) == nil && !isTurn)
    }

    @Test func oneOrganizationNeverTakesTheOthersSeats() {
        var seats = LiveSeats()
        let taken = (0..<100).count { _ in seats.take(for: OrganizationID(1)) }
        let isOtherSeated = seats.take(for: OrganizationID(2))
        seats.free(of: OrganizationID(1))
        let again = (0..<2).count { _ in seats.take(for: OrganizationID(1)) }
        #expect(taken == 16 && isOtherSeated && again == 1)
    }

    @Test func theLastSeatsAreForThoseWhoHaveFew() {
        var seats = LiveSeats()
        seats.most = 64
        let taken = (10..<16).map { organization in
            (0..<100).count { _ in seats.take(for: OrganizationID(organization)) }
        }
        #expect(taken == [16, 16, 16, 8, 4, 2])
        let isLastSeated = seats.take(for: OrganizationID(99))
        #expect(isLastSeated)
    }
}

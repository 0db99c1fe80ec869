import Notifications
import Repository
import TestSupport
import Testing

/// Nodes that share a database: who is alive, and what becomes of the deliveries of those that are not.
@Suite(.everyEngine) struct NodeTests {
    private static let another = Node(id: "another", host: "b.example", version: "2")

    /// A world in which the node `test` has claimed deliveries, and `another` has been there long enough to judge it.
    private func world(claiming count: Int = 1) async throws -> (world: TestWorld, claimed: [ClaimedDelivery]) {
        let world = try await TestWorld()
        let channel = try await world.channel()
        try await world.post(count)
        #expect(try await world.deliveries.begin(as: Self.another).count == 1)
        let claimed = try await world.claim(channel, limit: count)
        #expect(claimed.count == count)
        return (world, claimed)
    }

    /// The other node gives a sign of life every five seconds. Returns after how many seconds it found one gone.
    private func beats(_ world: TestWorld, for seconds: Int) async throws -> Int? {
        for second in stride(from: 5, through: seconds, by: 5) {
            world.clock.advance(by: .seconds(5))
            if try await world.beat() { return second }
        }
        return nil
    }

    @Test func whatANodeHoldsIsDueAgainWhenItIsGone() async throws {
        let (world, claimed) = try await world()
        #expect(try await beats(world, for: 60) == 35)
        #expect(try await world.states() == [.due])
        #expect(try await world.deliveries.dueQueues(overdueBy: nil).count == 1)
        #expect(try await world.repository.nodes(as: .operator).map(\.node.id) == ["another"])
        // It was only slow.
        let late = try await world.deliveries.record(world.result(claimed[0], .delivered))
        #expect(!late.isOurs)
    }

    @Test func whatANodeHoldsIsItsOwnWhileItIsAlive() async throws {
        let (world, claimed) = try await world()
        for _ in 0..<100 {
            world.clock.advance(by: .seconds(5))
            #expect(try await !world.beat())
            #expect(try await !world.beat("test"))
        }
        #expect(try await world.deliveries.begin(as: Self.another).isEmpty)
        #expect(try await world.states() == [.claimed])
        #expect(try await world.deliveries.record(world.result(claimed[0], .delivered)).isOurs)
    }

    @Test func aRestartTakesBackWhatItsOwnNodeHeld() async throws {
        let (world, _) = try await world()
        #expect(try await world.deliveries.begin(as: Self.another).isEmpty)
        #expect(try await world.states() == [.claimed])
        #expect(try await world.deliveries.begin(as: Node(id: "test")).count == 1)
        #expect(try await world.states() == [.due])
    }

    /// As after a copy of a store into a database that one process has for itself.
    @Test func theOnlyProcessTakesBackWhateverAnyNodeHeld() async throws {
        let (world, _) = try await world()
        #expect(try await world.deliveries.begin(as: Self.another, isOnly: true).count == 1)
        #expect(try await world.states() == [.due])
        #expect(try await world.repository.nodes(as: .operator).map(\.node.id) == ["another"])
    }

    @Test func whoLeavesLeavesNothingBehind() async throws {
        let (world, _) = try await world()
        try await world.deliveries.leave(Node(id: "test"))
        #expect(try await world.states() == [.due])
        let beat = try await world.deliveries.beat(as: Self.another, isInCharge: true)
        #expect(beat.alive == ["another"] && beat.gone.isEmpty)
    }

    /// Nobody else would know that such claims are somebody's.
    @Test func whoWasTakenForGoneClaimsNothingBeforeItsNextSignOfLife() async throws {
        let (world, claimed) = try await world()
        #expect(try await beats(world, for: 60) != nil)
        let queue = claimed[0].queue
        await #expect(throws: RepositoryError.self) {
            try await world.deliveries.claim([(queue, 1)], owner: "test", lease: .seconds(60))
        }
        let permit = ClaimPermit(channels: [queue.channelID], owner: "test", lease: .seconds(60))
        let accepted = try await world.repository.accept(
            .testStarted(.sample(99)), idempotencyKey: nil, claiming: permit, as: world.service())
        #expect(accepted.claimed.isEmpty && accepted.dueQueues.count == 1)
        #expect(try await !world.beat("test"))
        #expect(try await world.deliveries.claim([(queue, 1)], owner: "test", lease: .seconds(60)).count == 1)
    }

    /// When the database was away, nobody could give a sign of life.
    @Test func whoWasSilentItselfJudgesNobody() async throws {
        let (world, _) = try await world()
        #expect(try await beats(world, for: 10) == nil)
        world.clock.advance(by: .seconds(40))
        #expect(try await !world.beat())
        #expect(try await !world.beat("test"))
        #expect(try await beats(world, for: 20) == nil)
        #expect(try await world.states() == [.claimed])
    }

    /// Its commit succeeded, and the answer was lost.
    @Test func whatANodeDoesNotKnowItHasIsReleased() async throws {
        let (world, claimed) = try await world(claiming: 3)
        let known = Set(claimed.dropFirst().map(\.id))
        let age = Duration.seconds(5)
        #expect(try await world.deliveries.releaseUnknown(of: "test", known: known, age: age).isEmpty)
        world.clock.advance(by: .seconds(6))
        #expect(try await world.deliveries.releaseUnknown(of: "another", known: [], age: age).isEmpty)
        let queues = try await world.deliveries.releaseUnknown(of: "test", known: known, age: age)
        #expect(queues.map(\.queue) == [claimed[0].queue])
        let again = try await world.claim(claimed[0].channel, limit: 3)
        #expect(again.map(\.id) == [claimed[0].id] && again.map(\.attemptOfRound) == [1])
        #expect(try await world.deliveries.record(world.result(claimed[1], .delivered)).isOurs)
    }

    /// A delivery that kills its node is looked for among what that node had in flight, not among all that is in flight.
    @Test func poisonIsJudgedByTheNodeThatDied() async throws {
        let (world, _) = try await world()
        let poison = try await world.channel("Poison")
        let queue = ChannelQueue(organizationID: world.organization, channelID: poison.id)
        try await world.post()
        for _ in 0..<2 {
            try await world.database.execute("UPDATE deliveries SET due_at = 0 WHERE state = 'due'")
            let mine = try await world.deliveries.claim([(queue, 9)], owner: "another", lease: .seconds(60))
            #expect(mine.flatMap(\.deliveries).count == 1)
            _ = try await world.deliveries.begin(as: Self.another)
        }
        // Now two suspects are in flight, on two nodes.
        try await world.database.execute("UPDATE deliveries SET interruptions = 2, due_at = 0")
        let last = try await world.deliveries.claim([(queue, 9)], owner: "another", lease: .seconds(60))
        #expect(last.flatMap(\.deliveries).count == 1)
        _ = try await world.deliveries.begin(as: Self.another)
        let failed = try await world.repository.deliveries(
            of: world.organization, filter: DeliveryFilter(state: .failed), page: PageRequest(), as: world.owner)
        #expect(failed.items.map(\.channelID) == [poison.id] && failed.items.map(\.reason) == ["poison"])
    }

    @Test func theOperatorSeesWhoDoesWhat() async throws {
        let (world, _) = try await world(claiming: 3)
        _ = try await world.deliveries.beat(as: Self.another, isInCharge: true)
        let nodes = try await world.repository.nodes(as: .operator)
        #expect(nodes.map(\.node.id).filter { $0 != Node.only } == ["another", "test"])
        // Whoever has a database for itself does its maintenance.
        let inCharge = nodes.filter(\.isInCharge)
        #expect(world.database.isShared ? inCharge.map(\.node.host) == ["b.example"] : inCharge.count == nodes.count)
        #expect(nodes.map(\.deliveries).max() == 3)
        await #expect(throws: RepositoryError.self) { try await world.repository.nodes(as: world.owner) }
    }

    @Test func onlyWhatNobodyServesIsTakenFromOthers() async throws {
        let (world, _) = try await world()
        _ = try await world.channel("Second")
        try await world.post()
        #expect(try await world.deliveries.dueQueues(overdueBy: .seconds(5)).isEmpty)
        world.clock.advance(by: .seconds(6))
        #expect(try await world.deliveries.dueQueues(overdueBy: .seconds(5)).count == 2)
    }

    /// A process that had the database for itself may have left its clock ahead: due times stay as far away.
    @Test func theClockOfANodeIsTheDatabases() async throws {
        let world = try await TestWorld()
        try await world.database.execute(
            "INSERT INTO service_clock (id, boot_id, base, lead, seen) VALUES (1, '', 0, 5000000, 0)")
        let link = FixedLink(at: Timestamp(seconds: 2_000_000_000))
        let clock = try await ServiceClock.load(from: world.database, following: link, steady: { .seconds(77) })
        #expect(clock.now == link.at && clock.scheduled == link.at + .seconds(5) && clock.drift == .zero)
    }

    @Test func newsAreReadAsTheyWereTold() {
        let queue = ChannelQueue(organizationID: OrganizationID(-7), channelID: ChannelID(at: TestClock.wall()))
        for news in [NodeNews.changed, .due(queue)] { #expect(NodeNews(news.text) == news) }
        for text in ["", "due", "due 1 2", "later thing", "changed now"] { #expect(NodeNews(text) == nil) }
    }
}

private struct FixedLink: NodeLink {
    let at: Timestamp

    var isInCharge: Bool { false }
    var uncertainCommits: Int { 0 }

    func time() async throws(RepositoryError) -> Timestamp { at }
    func tell(_ news: NodeNews) {}
    func listen(_ hear: @escaping @Sendable (NodeNews) -> Void) {}
}

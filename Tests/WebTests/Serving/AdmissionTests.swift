import Foundation
import NIOCore
import Notifications
import Repository
import Testing

@testable import WebServing

/// Who is admitted and who must try again later, at given times.
@Suite struct AdmissionTests {
    private let start = ContinuousClock.now
    private let kilobyte = 1024

    private func limits(eventsPerSecond: Int = 1_000_000, requests: Int = 100) -> AdmissionLimits {
        var limits = AdmissionLimits(eventsPerSecond: eventsPerSecond)
        limits.requests = requests
        limits.bytes = 1024 * kilobyte
        return limits
    }

    private func sender(_ organization: Int64, _ subject: Admission.Sender.Subject = .events) -> Admission.Sender {
        Admission.Sender(organization: OrganizationID(organization), subject)
    }

    /// Sends requests until one is refused.
    private func flood(_ admission: inout Admission, _ sender: Admission.Sender, bytes: Int = 0) -> [Admission.Ticket] {
        var tickets: [Admission.Ticket] = []
        while let ticket = try? admission.enter(sender, bytes: bytes, at: start) { tickets.append(ticket) }
        return tickets
    }

    private func refusal(
        _ admission: inout Admission, _ sender: Admission.Sender, bytes: Int = 0
    ) -> Admission.Refusal? {
        do throws(Admission.Refusal) {
            _ = try admission.enter(sender, bytes: bytes, at: start)
            return nil
        } catch {
            return error
        }
    }

    @Test func oneThatFloodsLeavesAsMuchRoomAsItTakes() {
        var admission = Admission(limits())
        #expect(flood(&admission, sender(1)).count == 50)
        #expect(refusal(&admission, sender(1)) == .tooManyEvents(pause: .seconds(1)))
        #expect(flood(&admission, sender(2)).count == 25)
        #expect(refusal(&admission, sender(3)) == nil)
    }

    @Test func howeverManyFloodThereIsRoomForTheNext() {
        var admission = Admission(limits())
        for number in 1...15 { _ = flood(&admission, sender(Int64(number)), bytes: kilobyte) }
        // A sender that holds less than the others together is not told that the flood is its own.
        #expect(refusal(&admission, sender(15)) == .overloaded)
        #expect(flood(&admission, sender(16)).count == 4)
    }

    /// A flood admitted while the writer was fast leaves it with a long queue.
    @Test func aFewMayAlwaysCome() {
        var admission = Admission(limits())
        _ = flood(&admission, sender(1))
        for number in 0..<20 { admission.wrote(in: .seconds(1), at: start + .seconds(number)) }
        #expect(refusal(&admission, sender(1)) == .tooManyEvents(pause: .seconds(1)))
        #expect(flood(&admission, sender(2)).count == 4)
    }

    @Test func thereIsAnEndToAllOfThem() {
        var admission = Admission(limits(requests: 10))
        let tickets = (1...10).flatMap { flood(&admission, sender($0)) }
        #expect(tickets.count == 20)
        #expect(refusal(&admission, sender(11)) == .overloaded)
    }

    @Test func bytesAreSharedToo() {
        var admission = Admission(limits())
        #expect(flood(&admission, sender(1), bytes: 128 * kilobyte).count == 4)
        #expect(refusal(&admission, sender(1), bytes: 128 * kilobyte) == .tooManyEvents(pause: .seconds(1)))
        #expect(refusal(&admission, sender(2), bytes: 512 * kilobyte) == nil)
        #expect(refusal(&admission, sender(3), bytes: kilobyte) == .overloaded)
        #expect(refusal(&admission, sender(3), bytes: 0) == nil)
    }

    /// A client may announce any length, and no sum of lengths may overflow.
    @Test func noLengthIsTooLargeToBeRefused() throws {
        var admission = Admission(limits())
        let stranger = Admission.Sender(stranger: RemoteAddress(try SocketAddress(ipAddress: "192.0.2.1", port: 1)))
        for sender in [sender(1, .settings), stranger] {
            _ = try admission.enter(sender, bytes: kilobyte, at: start)
            #expect(refusal(&admission, sender, bytes: .max) == .overloaded)
        }
    }

    @Test func whoLeavesMakesRoom() {
        var admission = Admission(limits())
        let tickets = flood(&admission, sender(1), bytes: kilobyte)
        for ticket in tickets { admission.leave(ticket) }
        #expect(flood(&admission, sender(1), bytes: kilobyte).count == tickets.count)
        #expect(flood(&admission, sender(2), bytes: kilobyte).count == 25)
    }

    @Test func aFloodOfEventsLeavesTheSettingsAlone() {
        var admission = Admission(limits())
        _ = flood(&admission, sender(1))
        #expect(refusal(&admission, sender(1, .settings)) == nil)
        _ = flood(&admission, sender(1, .settings))
        #expect(refusal(&admission, sender(1, .settings)) == .overloaded)
    }

    /// Each of them may wait for its receiver for as long as an attempt takes.
    @Test func testsTakeNoRoomOfOthers() {
        var admission = Admission(limits())
        let tests = (1...20).map { flood(&admission, sender($0, .tests), bytes: kilobyte).count }
        #expect(tests == Array(repeating: 32, count: 16) + [0, 0, 0, 0])
        #expect(refusal(&admission, sender(1, .tests)) == .overloaded)
        #expect(flood(&admission, sender(1, .settings)).count == 50)
        #expect(flood(&admission, sender(2), bytes: kilobyte).count == 25)
    }

    /// Strangers are limited by their address, and take no room from anybody else.
    @Test func strangersTakeNoRoomOfOthers() throws {
        var admission = Admission(limits())
        let addresses = try (1...20).map { try SocketAddress(ipAddress: "192.0.2.\($0)", port: 1) }
        let strangers = addresses.map { Admission.Sender(stranger: RemoteAddress($0)) }
        #expect(flood(&admission, strangers[0], bytes: kilobyte).count == 256)
        #expect(refusal(&admission, strangers[0]) == .overloaded)
        let others = strangers.dropFirst().map { flood(&admission, $0, bytes: kilobyte).count }
        #expect(others == [256, 256, 256] + Array(repeating: 0, count: 16))
        let operators = Admission.Sender(organization: nil, .settings)
        #expect(flood(&admission, operators, bytes: kilobyte).count == 50)
        #expect(flood(&admission, sender(1)).count == 25)
    }

    @Test func strangersThatLeaveMakeRoom() throws {
        var admission = Admission(limits())
        let stranger = Admission.Sender(stranger: RemoteAddress(try SocketAddress(ipAddress: "192.0.2.1", port: 1)))
        let tickets = flood(&admission, stranger, bytes: 16 * kilobyte)
        for ticket in tickets { admission.leave(ticket) }
        #expect(flood(&admission, stranger, bytes: 16 * kilobyte).count == tickets.count)
    }

    @Test func theBytesOfStrangersAreBounded() throws {
        var admission = Admission(limits())
        let strangers = try (1...64).map {
            Admission.Sender(stranger: RemoteAddress(try SocketAddress(ipAddress: "192.0.2.\($0)", port: 1)))
        }
        let count = strangers.map { flood(&admission, $0, bytes: 256 * kilobyte).count }.reduce(0, +)
        #expect(count == 64)
    }

    @Test func anOrganizationHasItsRateAndItsBurst() throws {
        var admission = Admission(limits(eventsPerSecond: 1000))
        let organization = OrganizationID(1)
        try admission.take(events: 5000, of: organization, at: start)
        #expect(throws: Admission.Refusal.tooManyEvents(pause: .milliseconds(500))) {
            try admission.take(events: 500, of: organization, at: start)
        }
        try admission.take(events: 500, of: OrganizationID(2), at: start)
        try admission.take(events: 500, of: organization, at: start + .milliseconds(500))
        try admission.take(events: 5000, of: organization, at: start + .seconds(3600))
    }

    /// An event to 200 channels costs as much as twenty events to ten channels.
    @Test func anEventToManyChannelsCountsAsSeveral() throws {
        var admission = Admission(limits(eventsPerSecond: 1000))
        let organization = OrganizationID(1)
        try admission.take(events: 1, of: organization, at: start)
        admission.settle(EventBill(events: 1, expected: 0, stored: [200]), of: organization)
        #expect(admission.expectedDeliveries(of: organization) == 200)
        try admission.take(events: 249, of: organization, at: start)
        #expect(throws: Admission.Refusal.tooManyEvents(pause: .milliseconds(20))) {
            try admission.take(events: 1, of: organization, at: start)
        }
        try admission.take(events: 1, of: organization, at: start + .milliseconds(20))
        try admission.take(events: 1, of: OrganizationID(2), at: start)
    }

    @Test(arguments: [
        (0, 1, 0), (8191, 1, 0), (8192, 1, 1), (262_144, 1, 63), (4_194_304, 1000, 24), (300_000, 1000, 0),
    ])
    func aLargeBodyCountsAsFurtherEvents(bytes: Int, events: Int, surplus: Int) {
        #expect(EventRate.surplus(bytes: bytes, events: events) == surplus)
    }

    @Test func whatWasTakenForEventsThatAreNotStoredIsGivenBack() throws {
        var admission = Admission(limits(eventsPerSecond: 1000))
        let organization = OrganizationID(1)
        try admission.take(events: 1, of: organization, at: start)
        admission.settle(EventBill(events: 1, expected: 0, stored: [1000]), of: organization)
        try admission.take(events: 40, of: organization, at: start)
        // One was stored, to only five channels; 39 were not.
        admission.settle(EventBill(events: 40, expected: 1000, stored: [5]), of: organization)
        #expect(admission.expectedDeliveries(of: organization) == 5)
        try admission.take(events: 4860, of: organization, at: start)
        #expect(throws: Admission.Refusal.tooManyEvents(pause: .milliseconds(1))) {
            try admission.take(events: 1, of: organization, at: start)
        }
    }

    /// Otherwise it would never be accepted. What exceeds the burst is owed.
    @Test func aBatchThatCostsMoreThanTheBurstIsTakenOfAFullAllowance() throws {
        var admission = Admission(limits(eventsPerSecond: 1000))
        let organization = OrganizationID(1)
        try admission.take(events: 1, of: organization, at: start)
        admission.settle(EventBill(events: 1, expected: 0, stored: [1000]), of: organization)
        try admission.take(events: 1, of: organization, at: start)
        #expect(throws: Admission.Refusal.tooManyEvents(pause: .milliseconds(100))) {
            try admission.take(events: 1000, of: organization, at: start)
        }
        let later = start + .seconds(3600)
        _ = try admission.enter(sender(1), bytes: 0, at: later)
        try admission.take(events: 999, of: organization, at: later)
        // 100,000 from an allowance of 5,000: 95 seconds of debt, and another 0.1 for an event.
        #expect(throws: Admission.Refusal.self) {
            _ = try admission.enter(sender(1), bytes: 0, at: later + .milliseconds(95_099))
        }
        _ = try admission.enter(sender(1), bytes: 0, at: later + .milliseconds(95_101))
    }

    /// A refused request uses up neither a place nor an event.
    @Test func whoIsRefusedTakesNothing() throws {
        var admission = Admission(limits(eventsPerSecond: 1, requests: 10))
        try admission.take(events: 1000, of: OrganizationID(1), at: start)
        for _ in 0..<100 { #expect(refusal(&admission, sender(1)) == .tooManyEvents(pause: .seconds(1))) }
        #expect(flood(&admission, sender(2)).count == 5)
        _ = try admission.enter(sender(1), bytes: 0, at: start + .seconds(1))
    }

    /// Even the slowest rate accepts a whole batch after a rest.
    @Test func aBatchIsTakenAtAnyRate() throws {
        var admission = Admission(limits(eventsPerSecond: 1))
        try admission.take(events: AdmissionLimits.mostEventsOfRequest, of: OrganizationID(1), at: start)
    }

    @Test func ratesAreForgottenWhenTheyAreFullAgain() throws {
        var admission = Admission(limits(eventsPerSecond: 1000))
        for number in 1...25_000 {
            try admission.take(events: 1, of: OrganizationID(Int64(number)), at: start + .milliseconds(number))
        }
        #expect(admission.rememberedRates <= 10_000)
    }

    /// Only full allowances, which are like new ones, are forgotten to free memory; never one that is used up.
    @Test func whoHasUsedUpTheirRateIsNotForgotten() throws {
        var admission = Admission(limits(eventsPerSecond: 1000))
        let flooder = OrganizationID(0)
        while (try? admission.take(events: 100, of: flooder, at: start)) != nil {}
        for number in 1...10_000 {
            try admission.take(events: 1, of: OrganizationID(Int64(number)), at: start + .microseconds(10 * number))
        }
        #expect(admission.rememberedRates < 5000)
        #expect(throws: Admission.Refusal.self) {
            try admission.take(events: 200, of: flooder, at: start + .milliseconds(100))
        }
    }
}

/// What an operator is told without having set anything.
@Suite struct DocumentedLimitsTests {
    private func document(_ name: String) throws -> String {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: project.appending(path: "docs/\(name).md"), encoding: .utf8)
    }

    @Test func theArchitectureSaysHowMuchAnOrganizationReads() throws {
        let text = try document("architecture")
        #expect(text.contains("after the first \(ReadingShare.burst / .seconds(1)) s / how long they rest at most"))
        #expect(text.contains("/ that it sorts in another order than its own | 10,000 /"))
        #expect(ListLimits.rowsLookedAt == 10_000)
    }

    @Test func theManualSaysHowMuchIsTaken() throws {
        let manual = try document("operations")
        let limits = AdmissionLimits()
        #expect(manual.contains("At most \(limits.bytes >> 20) MiB of bodies and \(limits.requests) writes"))
        #expect(manual.contains("`RUNBELL_EVENTS_PER_SECOND=\(AdmissionLimits.usualEventsPerSecond)` allows"))
    }
}

/// How many requests a slow writer leaves room for.
@Suite struct WriterRoomTests {
    private let start = ContinuousClock.now

    @Test func aSlowWriterGetsFewerToWaitForIt() {
        var room = WriterRoom(most: 512)
        for number in 0..<20 { room.took(.milliseconds(500), among: 256, at: start + .seconds(number)) }
        #expect(room.requests == 16)
    }

    /// 150 ms are still quick enough, and so long after a cut the next slow write counts again.
    @Test func itsBoundsAreExact() {
        var room = WriterRoom(most: 100)
        room.took(.milliseconds(150), among: 50, at: start)
        #expect(room.requests == 100)
        for time in [0, 149, 150] as [Int64] {
            room.took(.milliseconds(151), among: 50, at: start + .milliseconds(time))
        }
        #expect(room.requests == 49)
    }

    /// The writes waited in one queue together, so their delay counts once.
    @Test func manySlowWritesAtOnceCountOnce() {
        var room = WriterRoom(most: 100)
        for _ in 0..<50 { room.took(.milliseconds(500), among: 50, at: start) }
        #expect(room.requests == 70)
    }

    @Test func aQuickWriterGetsMoreWhenMoreIsAskedOfIt() {
        var room = WriterRoom(most: 512)
        for number in 0..<20 { room.took(.seconds(1), among: 256, at: start + .seconds(number)) }
        for _ in 0..<1000 { room.took(.milliseconds(5), among: 1, at: start + .seconds(30)) }
        #expect(room.requests == 16)
        for _ in 0..<4000 { room.took(.milliseconds(5), among: room.requests / 2, at: start + .seconds(30)) }
        #expect(room.requests == 512)
    }

    @Test func whatIsAQuarterUsedIsLargeEnough() {
        var room = WriterRoom(most: 512)
        for _ in 0..<8 { room.took(.milliseconds(5), among: 32, at: start) }
        #expect(room.requests == 128)
        // Adds a quarter of a place each time.
        for expected in [128, 128, 128, 129] {
            room.took(.milliseconds(5), among: 33, at: start)
            #expect(room.requests == expected)
        }
    }

    /// It settles where the wait is close to the target: a writer that does 200 a second lets about 30 wait.
    @Test func itSettlesAtWhatTheWriterCanDo() {
        var room = WriterRoom(most: 512)
        for tick in 0..<4000 {
            let waiting = max(1, room.requests / 2)
            room.took(.milliseconds(waiting * 5), among: waiting, at: start + .milliseconds(5 * tick))
        }
        #expect((20...45).contains(room.requests / 2))
    }
}

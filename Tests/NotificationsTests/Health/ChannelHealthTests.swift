import Notifications
import Testing

@Suite struct ChannelHealthTests {
    private let start = Samples.at
    private let finding = Finding("connect", "No connection came about.")
    /// How long the service has been running.
    private let age = Duration.seconds(100 * 86_400)

    /// A number of failures, one a second.
    private func failing(
        _ failure: ChannelHealth.Failure, times: Int, _ health: ChannelHealth = ChannelHealth()
    ) -> (health: ChannelHealth, consequences: [ChannelHealth.Consequence]) {
        var health = health
        var consequences: [ChannelHealth.Consequence] = []
        for number in 0..<times {
            let at = start + .seconds(number)
            if let drawn = health.failed(
                failure, finding, hold: nil, isProbe: health.circuit != nil, at: at, uptime: age)
            {
                consequences.append(drawn)
            }
        }
        return (health, consequences)
    }

    @Test func aHealthyReceiverGetsEverything() {
        #expect(ChannelHealth().allowance(at: start, rate: nil, wanted: 8) == .now(8))
    }

    // MARK: Local faults

    @Test func aLocalFaultChangesNothingButTheWait() {
        let before = failing(.absent, times: 5).health
        var after = before
        after.postponed(Finding("local.network", "No way."), for: .seconds(30), at: start)
        #expect(after.heldUntil == start + .seconds(30) && after.heldBecause?.code == "local.network")
        after.heldUntil = before.heldUntil
        after.heldBecause = before.heldBecause
        #expect(after == before)
    }

    @Test func theReceiversWaitTakesPrecedence() {
        let (ours, busy) = (Finding("local.network", "No way."), Finding("http.429", "Too many."))
        var health = ChannelHealth()
        health.postponed(ours, for: .seconds(30), at: start)
        _ = health.failed(.failing, busy, hold: .seconds(10), isProbe: false, at: start, uptime: .zero)
        #expect(health.heldUntil == start + .seconds(10) && health.heldBecause == busy)
        health.postponed(ours, for: .seconds(30), at: start + .seconds(9))
        #expect(health.heldUntil == start + .seconds(10))
        health.postponed(ours, for: .seconds(30), at: start + .seconds(10))
        #expect(health.heldUntil == start + .seconds(40))
    }

    /// The wait was saved before reasons were.
    @Test func aWaitWithoutAReasonIsNotShortened() {
        var health = ChannelHealth()
        health.heldUntil = start + .seconds(60)
        _ = health.failed(
            .failing, Finding("http.429", "Too many."), hold: .seconds(10), isProbe: false, at: start, uptime: .zero)
        #expect(health.heldUntil == start + .seconds(60) && health.heldBecause == nil)
    }

    // MARK: Rates

    @Test func aRateAllowsABurstAndThenOneAtATime() {
        let rate = SendingRate(perMinute: 60, burst: 4)
        var health = ChannelHealth()
        #expect(health.allowance(at: start, rate: rate, wanted: 8) == .now(4))
        health.claimed(4, at: start, rate: rate)
        #expect(health.allowance(at: start, rate: rate, wanted: 8) == .after(start + .seconds(1)))
        #expect(health.allowance(at: start + .seconds(1), rate: rate, wanted: 8) == .now(1))
        #expect(health.allowance(at: start + .seconds(60), rate: rate, wanted: 8) == .now(4))
    }

    @Test(arguments: [(1, 1), (25, 5), (60, 4), (6000, 4)]) func noMinuteHasMoreThanTheRateAndABurst(
        _ perMinute: Int, _ burst: Int
    ) {
        let rate = SendingRate(perMinute: perMinute, burst: burst)
        var (health, now, sent) = (ChannelHealth(), start, 0)
        while now - start < .seconds(60) {
            switch health.allowance(at: now, rate: rate, wanted: 100) {
            case .now(let count):
                health.claimed(count, at: now, rate: rate)
                sent += count
            case .after(let time):
                #expect(time > now)
                now = time
            }
        }
        #expect(sent <= perMinute + burst)
        #expect(sent >= perMinute)
    }

    @Test func aChannelsOwnRateOverridesItsKinds() {
        var channel = Channel(
            id: ChannelID(at: start), organizationID: OrganizationID(1), kind: "slack", knownKind: Slack(),
            name: "Slack", settings: ChannelSettings(), subscription: .everything, state: .enabled, version: 1,
            createdAt: start,
            updatedAt: start)
        #expect(channel.rate == SendingRate(perMinute: 60, burst: 4))
        channel.maxPerMinute = 10
        #expect(channel.rate == SendingRate(perMinute: 10, burst: 1))
    }

    // MARK: Retry-After

    @Test func aWaitRequestedByTheReceiverIsRespected() {
        var health = ChannelHealth()
        _ = health.failed(.failing, finding, hold: .seconds(90), isProbe: true, at: start, uptime: age)
        #expect(health.allowance(at: start + .seconds(89), rate: nil, wanted: 8) == .after(start + .seconds(90)))
        #expect(health.allowance(at: start + .seconds(90), rate: nil, wanted: 8) == .now(8))
    }

    @Test func aRequestedWaitIsAtMostADay() {
        var health = ChannelHealth()
        _ = health.failed(.failing, finding, hold: .seconds(1_000_000), isProbe: true, at: start, uptime: age)
        #expect(health.heldUntil == start + RetryAfter.limit)
    }

    // MARK: The circuit

    @Test func fiveAbsencesOpenTheCircuitAndProbesBecomeRarer() {
        var health = failing(.absent, times: 4).health
        #expect(health.circuit == nil)
        health = failing(.absent, times: 5).health
        var at = start + .seconds(4)
        for pause in [30, 60, 120, 240, 480, 600, 600] {
            #expect(health.allowance(at: at, rate: nil, wanted: 8) == .after(at + .seconds(pause)))
            at = at + .seconds(pause)
            #expect(health.allowance(at: at, rate: nil, wanted: 8) == .now(1))
            health.claimed(1, at: at, rate: nil)
            #expect(health.allowance(at: at, rate: nil, wanted: 8) != .now(1))
            _ = health.failed(.absent, finding, hold: nil, isProbe: true, at: at, uptime: age)
        }
    }

    @Test func deliveriesInFlightWhenTheCircuitOpensAreNotProbes() {
        var health = failing(.absent, times: 5).health
        let before = health.circuit
        _ = health.failed(.absent, finding, hold: nil, isProbe: false, at: start + .seconds(15), uptime: age)
        #expect(health.circuit == before)
    }

    @Test(arguments: [ChannelHealth.Failure.failing, .rejected, .unfit])
    func anyAnswerClosesTheCircuit(_ failure: ChannelHealth.Failure) {
        var health = failing(.absent, times: 5).health
        _ = health.failed(failure, finding, hold: nil, isProbe: true, at: start + .seconds(40), uptime: age)
        #expect(health.circuit == nil && health.absences == 0)
    }

    @Test func aDeliveryMakesTheReceiverHealthy() {
        var health = failing(.absent, times: 7).health
        health.delivered()
        #expect(health == ChannelHealth())
    }

    @Test func theFallbackIsNotifiedOnceAfterAnHour() {
        var health = failing(.absent, times: 5).health
        var told: [ChannelHealth.Consequence?] = []
        for minutes in [30, 65, 75] {
            let at = start + .seconds(minutes * 60)
            told.append(health.failed(.absent, finding, hold: nil, isProbe: true, at: at, uptime: age))
        }
        #expect(told == [nil, .tell(finding), nil])
    }

    // MARK: Disabling

    @Test func fiveConsecutiveRejectionsDisableTheChannel() {
        #expect(failing(.rejected, times: 4).consequences.isEmpty)
        #expect(failing(.rejected, times: 5).consequences == [.disable(finding)])
        let between = failing(.failing, times: 1, failing(.rejected, times: 4).health).health
        #expect(failing(.rejected, times: 4, between).consequences.isEmpty)
    }

    /// On which of these days, counted from the first failure, a further failure disables the channel.
    private func disabling(
        _ days: [Double], pausedBefore: Set<Double> = [], uptime: (Double) -> Duration = { _ in .seconds(100 * 86_400) }
    ) -> [Double] {
        var health = ChannelHealth()
        return ([0] + days).filter { day in
            if pausedBefore.contains(day) { health.resumed() }
            return health.failed(
                .failing, finding, hold: nil, isProbe: true, at: start + .seconds(day * 86_400), uptime: uptime(day))
                != nil
        }
    }

    @Test func fiveDaysOfFailuresDisableTheChannel() {
        #expect(disabling([0.5, 1, 2, 3, 4, 4.99, 5, 5.1]) == [5, 5.1])
    }

    @Test func aPauseDoesNotCountAsFailing() {
        #expect(disabling([1, 2, 3, 4, 9.5, 10, 10.4, 10.5], pausedBefore: [9.5]) == [10.5])
    }

    @Test func timeInWhichTheServiceWasOffDoesNotCountAsFailing() {
        let started = disabling([1, 2, 3, 4, 9.5, 10, 10.25, 10.5]) { day in
            .seconds((day < 9 ? 100 : day - 9.25) * 86_400)
        }
        #expect(started == [10.25, 10.5])
    }

    @Test func aWeekWithNothingToSendCountsAsADay() {
        #expect(disabling([1, 2, 9, 10, 11]) == [11])
    }

    @Test func refusedMessagesAreShownAndDisableNothing() {
        var health = ChannelHealth()
        for day in 0..<10 {
            let at = start + .seconds(day * 86_400)
            #expect(health.failed(.unfit, finding, hold: nil, isProbe: true, at: at, uptime: age) == nil)
        }
        #expect(health.failingSince == start && health.lastFinding == finding && health.failingFor == .zero)
        health.delivered()
        #expect(health == ChannelHealth())
    }

    @Test func theTimeOfRefusedMessagesDoesNotCount() {
        var health = ChannelHealth()
        let failures: [ChannelHealth.Failure] = [.failing, .unfit, .unfit, .unfit, .unfit, .unfit, .failing]
        for (day, failure) in failures.enumerated() {
            let at = start + .seconds(day * 86_400)
            #expect(health.failed(failure, finding, hold: nil, isProbe: true, at: at, uptime: age) == nil)
        }
        #expect(health.failingSince == start && health.failingFor == .seconds(86_400))
    }

    @Test func aMessageThatIsSentAgainWithoutTheOtherSaysNothing() {
        var health = failing(.absent, times: 5).health
        let before = health.failingSince
        _ = health.failed(.stale, finding, hold: nil, isProbe: true, at: start + .seconds(40), uptime: age)
        #expect(health.circuit == nil && health.failingSince == before)
        var fresh = ChannelHealth()
        _ = fresh.failed(.stale, finding, hold: nil, isProbe: true, at: start, uptime: age)
        #expect(fresh == ChannelHealth())
    }

    // MARK: What a failure means

    @Test(arguments: [
        (302, "webhook", ChannelHealth.Failure.absent), (404, "webhook", .absent), (429, "webhook", .failing),
        (408, "webhook", .failing), (500, "webhook", .failing), (401, "slack", .rejected), (404, "slack", .rejected),
        (400, "slack", .unfit), (410, "webhook", .failing), (501, "webhook", .failing), (502, "webhook", .absent),
        (503, "slack", .absent), (503, "webhook", .absent), (504, "hipchat", .absent), (505, "webhook", .failing),
    ])
    func readsAnswers(_ status: Int, _ kind: String, _ failure: ChannelHealth.Failure) throws {
        let exchange = Exchange(result: .answered(Answer(status: status, at: start)))
        let kind = try #require(ChannelCatalogue.standard().kind(kind))
        #expect(Self.reading(kind, exchange).failure == failure)
    }

    @Test(arguments: [
        (TransportFailure.connecting("refused"), ChannelHealth.Failure.absent), (.timedOut(.waiting), .absent),
        (.disconnected, .absent), (.tls("bad"), .absent), (.resolving("none"), .absent), (.malformed("x"), .failing),
        (.refused("private"), .failing),
    ])
    func readsFailures(_ failure: TransportFailure, _ expected: ChannelHealth.Failure) {
        let reading = Self.reading(WebHook(), Exchange(result: .failed(failure)))
        #expect(reading == Reading(verdict: Verdict(failure: failure), failure: expected))
    }

    @Test func aDeliveryIsNotAFailure() {
        let exchange = Exchange(result: .answered(Answer(status: 200, at: start)))
        #expect(Self.reading(WebHook(), exchange) == Reading(verdict: .delivered, failure: nil))
    }

    private static func reading(_ kind: any ChannelKind, _ exchange: Exchange) -> Reading {
        let message = HTTPMessage(url: "https://ci.example.org/", headers: [], body: [])
        let notice = Samples.notice(.testNotificationChannel)
        return kind.reading(of: exchange, on: message, for: notice, settings: ChannelSettings())
    }
}

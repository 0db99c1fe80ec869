import Notifications
import Testing

@Suite struct OutcomeTests {
    private let finding = Finding("http.503", "The receiver answered 503.")

    @Test func aDeliveredMessageIsFinished() {
        let outcome = decide(.delivered)
        #expect(outcome.state == .delivered)
        #expect(outcome.delay == nil && outcome.reason == nil && outcome.disablesChannel == nil)
    }

    @Test func aRefusalFailsAtOnceAndKeepsTheChannel() {
        let outcome = decide(.refused(finding))
        #expect(outcome.state == .failed && outcome.reason == "http.503")
        #expect(outcome.delay == nil && outcome.disablesChannel == nil)
    }

    @Test func aReceiverThatIsGoneDisablesTheChannel() {
        let outcome = decide(.gone(finding))
        #expect(outcome.state == .failed && outcome.reason == "http.503")
        #expect(outcome.delay == nil && outcome.disablesChannel == finding)
    }

    @Test(arguments: 1...11)
    func retriesAfterTheStep(_ attempt: Int) {
        let outcome = decide(.retry(finding, after: nil), attempt: attempt)
        #expect(outcome.state == .due && outcome.reason == "http.503" && outcome.disablesChannel == nil)
        #expect(outcome.delay == RetrySchedule.standard.steps[attempt - 1])
    }

    @Test func keepsTheLastCodeWhenAttemptsAreUsedUp() {
        let outcome = decide(.retry(finding, after: .seconds(5)), attempt: 12)
        #expect(outcome.state == .failed && outcome.reason == "attempts_exhausted:http.503")
        #expect(outcome.delay == nil && outcome.disablesChannel == nil)
    }

    @Test(arguments: [
        (1, 60, 60), (1, 1, 5), (3, 60, 120), (1, 24 * 3600, 24 * 3600), (1, 100 * 3600, 24 * 3600),
        (11, 24 * 3600, 32 * 3600), (2, 0, 30), (2, -50, 30),
    ])
    func aWaitAskedForCountsUpToADayAndNeverShortensTheStep(_ attempt: Int, _ asked: Int, _ waits: Int) {
        let outcome = decide(.retry(finding, after: .seconds(asked)), attempt: attempt)
        #expect(outcome.delay == .seconds(waits))
    }

    @Test(arguments: [1, 12]) func aPostponedAttemptWaitsAndDoesNotCount(_ attempt: Int) {
        let outcome = decide(.postponed(finding, for: .seconds(30)), attempt: attempt)
        #expect(outcome.state == .due && outcome.reason == "http.503" && outcome.disablesChannel == nil)
        #expect(outcome.delay == .seconds(30) && !outcome.isAttempt)
        #expect(decide(.retry(finding, after: nil)).isAttempt)
    }

    @Test func followsAnotherSchedule() {
        let schedule = RetrySchedule(steps: [.seconds(1)])
        let verdict = Verdict.retry(finding, after: nil)
        #expect(Outcome(of: verdict, attempt: 1, random: 0.5, schedule: schedule).state == .due)
        #expect(Outcome(of: verdict, attempt: 2, random: 0.5, schedule: schedule).state == .failed)
    }

    private func decide(_ verdict: Verdict, attempt: Int = 1) -> Outcome {
        Outcome(of: verdict, attempt: attempt, random: 0.5)
    }
}

@Suite struct TransportFailureTests {
    @Test func aRefusedAddressIsNotRetried() {
        let verdict = Verdict(failure: .refused("it is a private address"))
        #expect(verdict.word == "refused" && verdict.finding?.code == "address_refused")
    }

    @Test(arguments: LocalFault.allCases)
    func aLocalFaultWaits(_ fault: LocalFault) throws {
        let failure = TransportFailure.local(fault, "There is no way")
        let verdict = Verdict(failure: failure)
        let finding = try #require(verdict.finding)
        #expect(verdict == .postponed(finding, for: .seconds(fault == .settings ? 600 : 30)))
        #expect(finding.code == "local.\(fault.rawValue)" && finding.isLocal && finding.text.isSentence)
        #expect(ChannelHealth.Failure(failure) == nil)
    }

    @Test(
        arguments: [
            (.resolving("no such host"), "dns"), (.connecting("connection refused"), "connect"),
            (.tls("expired"), "tls"),
            (.timedOut(.resolving), "timeout.resolving"), (.timedOut(.connecting), "timeout.connecting"),
            (.timedOut(.tls), "timeout.tls"), (.timedOut(.sending), "timeout.sending"),
            (.timedOut(.waiting), "timeout.waiting"),
            (.timedOut(.reading), "timeout.reading"), (.disconnected, "disconnected"),
            (.malformed("no status"), "malformed"),
        ] as [(TransportFailure, String)])
    func everythingElseIs(_ failure: TransportFailure, _ code: String) throws {
        let verdict = Verdict(failure: failure)
        let finding = try #require(verdict.finding)
        #expect(verdict == .retry(finding, after: nil))
        #expect(finding.code == code)
        #expect(finding.text.isSentence)
    }
}

extension String {
    /// Begins with a capital, ends with a full stop.
    var isSentence: Bool { first?.isUppercase == true && hasSuffix(".") && !hasSuffix("..") }
}

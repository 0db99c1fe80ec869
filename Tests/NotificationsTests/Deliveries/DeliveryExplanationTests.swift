import Notifications
import Testing

@Suite struct DeliveryExplanationTests {
    private static let received = at("2026-11-23T14:00:00Z")
    private static let now = at("2026-11-23T14:02:00Z")

    private static func at(_ text: String) -> Timestamp {
        Timestamp(rfc3339: text) ?? Timestamp(seconds: 0)
    }

    private static let busy = "Slack is busy."

    private static func explanation(
        _ state: DeliveryState, _ reason: String? = nil, attempts: Int = 0, dueAt: String = "2026-11-23T14:00:00Z",
        updatedAt: String = "2026-11-23T14:00:00Z", finding: String? = nil,
        receiver: String = "Slack", channel: ChannelState = .enabled, _ steps: [ChannelHistory.Step] = [],
        health: ReceiverHealth? = nil, first: DeliveryExplanation.Arrival? = nil,
        wait: DeliveryExplanation.Wait? = nil
    ) -> String {
        DeliveryExplanation(
            state: state, reason: reason, attempts: attempts, dueAt: at(dueAt), updatedAt: at(updatedAt),
            receivedAt: received, firstArrival: first, lastFinding: finding, receiver: receiver,
            channelState: channel,
            history: ChannelHistory(steps), health: health, wait: wait, now: now
        ).text
    }

    private static func step(
        _ time: String, _ state: ChannelState = .enabled, by actor: String = "user:7",
        wants: Subscription = .everything, because reason: String? = nil
    ) -> ChannelHistory.Step {
        ChannelHistory.Step(at: at(time), actor: actor, state: state, subscription: wants, disabledReason: reason)
    }

    @Test func explainsDelivered() {
        #expect(
            Self.explanation(.delivered, attempts: 2, updatedAt: "2026-11-23T14:00:05.391Z")
                == "Delivered on the 2nd attempt, 5.3 s after the event was received.")
        #expect(
            Self.explanation(.delivered, attempts: 11, updatedAt: "2026-11-24T15:00:00Z")
                == "Delivered on the 11th attempt, 1 d 1 h after the event was received.")
        #expect(Self.explanation(.delivered, attempts: 23).hasPrefix("Delivered on the 23rd attempt, 0 ms"))
    }

    @Test("What is sent again keeps the explanation of its first arrival")
    func whatIsSentAgain() {
        let first = DeliveryExplanation.Arrival(attempt: 1, at: Self.at("2026-11-23T14:00:00.120Z"))
        let begin = "Delivered on the 1st attempt, 120 ms after the event was received. "
        #expect(
            Self.explanation(.delivered, attempts: 2, updatedAt: "2026-11-23T14:06:43Z", first: first)
                == begin + "Resent on 2026-11-23 at 14:06 UTC, and delivered again on the 2nd attempt.")
        #expect(
            Self.explanation(.due, attempts: 1, first: first) == begin + "Resent: due for the 2nd attempt.")
        #expect(
            Self.explanation(.failed, "http.400", attempts: 2, finding: "No.", first: first)
                == begin + "Resent: failed after 2 attempts. No.")
    }

    @Test func explainsWaiting() {
        #expect(
            Self.explanation(.due, attempts: 1, dueAt: "2026-11-23T14:02:10Z", finding: Self.busy)
                == "Slack is busy. Runbell will retry at 14:02:10 UTC.")
        #expect(
            Self.explanation(.due, attempts: 9, dueAt: "2026-11-24T02:00:00Z", finding: "Could not connect.")
                == "Could not connect. Runbell will retry at 2026-11-24 02:00:00 UTC.")
        #expect(Self.explanation(.due) == "Waiting for its first attempt.")
        #expect(Self.explanation(.due, dueAt: "2026-11-23T14:02:10Z") == "Scheduled for 14:02:10 UTC.")
        #expect(Self.explanation(.due, attempts: 1, finding: Self.busy) == "Due for the 2nd attempt. Slack is busy.")
        #expect(Self.explanation(.claimed, attempts: 1) == "Sending: the 1st attempt is in progress.")
    }

    @Test func explainsWhatIsWaitedFor() {
        #expect(
            Self.explanation(.due, wait: .start)
                == "Waiting for the start of the run, which this channel has not received yet.")
        let rate = DeliveryExplanation.Wait.rate(until: Self.at("2026-11-23T14:02:10Z"))
        #expect(
            Self.explanation(.due, wait: rate)
                == "Waiting because of the channel's rate limit: the next message may be sent at 14:02:10 UTC.")
        #expect(Self.explanation(.due, wait: .rate(until: Self.now)) == "Waiting for its first attempt.")
        #expect(
            Self.explanation(.due, dueAt: "2026-11-23T14:02:05Z", wait: rate) == "Scheduled for 14:02:05 UTC.")
    }

    @Test func explainsLocalFaults() {
        let hold = ReceiverHealth.Hold(
            until: Self.at("2026-11-23T14:05:00Z"), finding: Finding("local.network", "There is no way out."))
        let health = ReceiverHealth(failingSince: nil, circuit: nil, hold: hold, finding: nil)
        #expect(
            Self.explanation(.due, "local.network", health: health)
                == "On hold until 14:05:00 UTC. Runbell cannot send at the moment. There is no way out.")
    }

    @Test func explainsHeld() {
        let steps = [
            Self.step("2026-11-20T08:00:00Z"), Self.step("2026-11-22T09:30:00Z", .paused),
            Self.step("2026-11-23T09:00:00Z", .paused, by: "user:8"),
        ]
        #expect(
            Self.explanation(.due, channel: .paused, steps)
                == "Queued: user 7 paused the channel on 2026-11-22 at 09:30 UTC.")
        #expect(Self.explanation(.due, channel: .paused) == "Queued: the channel is paused.")
        let hold = ReceiverHealth(
            failingSince: nil, circuit: nil,
            hold: .init(until: Self.at("2026-11-23T14:05:00Z"), finding: Finding("slack.rate_limited", Self.busy)),
            finding: nil)
        #expect(
            Self.explanation(.due, health: hold)
                == "On hold until 14:05:00 UTC. Slack asked Runbell to wait. Slack is busy.")
        let circuit = ReceiverHealth(
            failingSince: nil,
            circuit: .init(
                openSince: Self.at("2026-11-22T13:00:00Z"), nextProbeAt: Self.at("2026-11-23T14:03:00Z")), hold: nil,
            finding: Finding("connect", "Could not connect."))
        #expect(
            Self.explanation(.due, attempts: 1, health: circuit)
                == "Unreachable since 2026-11-22 13:00:00 UTC. The next probe is due at 14:03:00 UTC. "
                + "Could not connect.")
    }

    @Test func explainsNotSubscribed() throws {
        let wants = try Subscription(reading: ["events": ["test.finished"], "statuses": [12, 4], "project_ids": [3]])
        let steps = [
            Self.step("2026-11-20T08:00:00Z", wants: wants), Self.step("2026-11-23T14:01:00Z", wants: .everything),
        ]
        #expect(
            Self.explanation(.skipped, "not_subscribed.status", steps)
                == "Skipped because the channel wants only runs that end as Failed threshold and Timed out.")
        #expect(
            Self.explanation(.skipped, "not_subscribed.event", steps)
                == "Skipped because the channel wants only events of the type test.finished.")
        #expect(
            Self.explanation(.skipped, "not_subscribed.project", steps)
                == "Skipped because the channel wants only events of the project 3.")
        #expect(
            Self.explanation(.skipped, "not_subscribed.project")
                == "Skipped because the channel does not want events of this project.")
    }

    @Test func explainsWhoDisabledTheChannel() {
        let steps = [
            Self.step("2026-11-20T08:00:00Z"), Self.step("2026-11-23T10:12:30Z", .disabled),
            Self.step("2026-11-23T11:00:00Z", .disabled, by: "user:8"),
        ]
        #expect(
            Self.explanation(.skipped, "channel_disabled", steps)
                == "Skipped because user 7 disabled the channel on 2026-11-23 at 10:12 UTC.")
        let later = [
            Self.step("2026-11-20T08:00:00Z"),
            Self.step("2026-11-23T14:01:00Z", .disabled, by: "system", because: "The hook is gone."),
        ]
        #expect(
            Self.explanation(
                .failed, "channel_disabled", attempts: 1, updatedAt: "2026-11-23T14:01:00Z", finding: "Gone.", later)
                == "Failed after 1 attempt because Runbell disabled the channel on 2026-11-23 at 14:01 UTC: "
                + "The hook is gone. Gone.")
        #expect(Self.explanation(.skipped, "channel_disabled") == "Skipped because the channel was disabled.")
    }

    @Test func explainsFailedAndSkipped() {
        #expect(
            Self.explanation(.failed, "attempts_exhausted:http.503", attempts: 12, finding: Self.busy)
                == "Given up after 12 attempts. Slack is busy.")
        #expect(Self.explanation(.failed, "http.400", attempts: 1, finding: "No.") == "Failed after 1 attempt. No.")
        #expect(Self.explanation(.failed, "poison").hasPrefix("Given up: Runbell crashed each time"))
        #expect(
            Self.explanation(.cancelled, updatedAt: "2026-11-23T14:01:00Z")
                == "Cancelled: the channel was removed on 2026-11-23 at 14:01 UTC before this could be sent.")
        let steps = [Self.step("2026-11-20T08:00:00Z", .paused), Self.step("2026-11-23T14:01:00Z", by: "user:9")]
        #expect(
            Self.explanation(.skipped, "channel_paused", updatedAt: "2026-11-23T14:01:00Z", steps)
                == "Skipped because the channel was paused. User 9 resumed it on 2026-11-23 at 14:01 UTC "
                + "and skipped earlier events.")
        #expect(
            DeliveryExplanation.didNotExist(madeAt: Self.now)
                == "Not sent: the channel was created later, on 2026-11-23 at 14:02 UTC.")
    }
}

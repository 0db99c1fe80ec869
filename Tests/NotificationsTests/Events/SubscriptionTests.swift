import Notifications
import Testing

@Suite struct SubscriptionTests {
    @Test func everythingWantsEverything() {
        for content in Samples.contents { #expect(Subscription.everything.reasonToSkip(content) == nil) }
    }

    @Test func namesTheFirstReason() {
        let picky = Subscription(events: [.testFinished], statuses: [.failedThreshold], projectIDs: [ProjectID(9)])
        #expect(picky.reasonToSkip(.testFinished(Samples.run(.failedThreshold))) == nil)
        #expect(picky.reasonToSkip(.testStarted(Samples.run(.running))) == .notSubscribedEvent)
        #expect(picky.reasonToSkip(.testNotificationChannel) == .notSubscribedEvent)
        #expect(picky.reasonToSkip(.testFinished(Samples.run(.finished, project: 1))) == .notSubscribedStatus)
        #expect(picky.reasonToSkip(.testFinished(Samples.run(.failedThreshold, project: 1))) == .notSubscribedProject)
    }

    @Test func statusesAreAskedOfFinishedRunsOnly() {
        let failures = Subscription(statuses: [.failedThreshold])
        #expect(failures.reasonToSkip(.testStarted(Samples.run(.running))) == nil)
        #expect(failures.reasonToSkip(.testNotificationChannel) == nil)
        #expect(failures.reasonToSkip(.testFinished(Samples.run(.finished))) == .notSubscribedStatus)
    }

    @Test(
        arguments: [
            (#"{}"#, .everything), (#"{"events":null,"statuses":null,"project_ids":null}"#, .everything),
            (
                #"{"events":["test.finished"],"statuses":[3,12],"project_ids":[1]}"#,
                Subscription(
                    events: [.testFinished], statuses: [.finished, .failedThreshold], projectIDs: [ProjectID(1)])
            ),
        ] as [(String, Subscription)])
    func reads(_ text: String, _ subscription: Subscription) throws {
        let read = try Subscription(reading: JSONValue.parse(text.utf8))
        #expect(read == subscription)
        #expect(try Subscription(reading: read.json) == read)
    }

    @Test(arguments: [
        #"{"events":[]}"#, #"{"events":["test.ended"]}"#, #"{"events":"test.started"}"#, #"{"statuses":[13]}"#,
        #"{"statuses":["3"]}"#, #"{"project_ids":[1,1]}"#, #"{"project_ids":[1.5]}"#, #"{"projects":[1]}"#, #"[]"#,
    ])
    func refuses(_ text: String) {
        #expect(throws: InvalidInput.self) { try Subscription(reading: JSONValue.parse(text.utf8)) }
    }
}

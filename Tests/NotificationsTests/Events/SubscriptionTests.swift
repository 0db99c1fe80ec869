import Notifications
import Testing

@Suite struct SubscriptionTests {
    @Test func aSubscriptionWithoutRulesWantsEverything() {
        for content in Samples.contents {
            #expect(Subscription.everything.reasonToSkip(content, history: Self.noHistory) == nil)
        }
    }

    @Test func reportsTheFirstReason() throws {
        let picky = try Subscription(reading: ["events": ["test.finished"], "statuses": [12], "project_ids": [9]])
        #expect(picky.reasonToSkip(.testFinished(Samples.run(.failedThreshold)), history: Self.noHistory) == nil)
        #expect(
            picky.reasonToSkip(.testStarted(Samples.run(.running)), history: Self.noHistory) == .notSubscribed("event"))
        #expect(picky.reasonToSkip(.testNotificationChannel, history: Self.noHistory) == .notSubscribed("event"))
        #expect(
            picky.reasonToSkip(.testFinished(Samples.run(.finished, project: 1)), history: Self.noHistory)
                == .notSubscribed("status"))
        #expect(
            picky.reasonToSkip(.testFinished(Samples.run(.failedThreshold, project: 1)), history: Self.noHistory)
                == .notSubscribed("project"))
    }

    @Test func statusesOnlyApplyToFinishedRuns() throws {
        let failures = try Subscription(reading: ["statuses": [12]])
        #expect(failures.reasonToSkip(.testStarted(Samples.run(.running)), history: Self.noHistory) == nil)
        #expect(failures.reasonToSkip(.testNotificationChannel, history: Self.noHistory) == nil)
        #expect(
            failures.reasonToSkip(.testFinished(Samples.run(.finished)), history: Self.noHistory)
                == .notSubscribed("status"))
    }

    /// A rule only for these tests: selects runs that end differently from the previous one.
    private static let changed = SubscriptionRule(
        key: "changes", option: "changes", label: "Changes", items: .numbers, expectation: "Any number.",
        reason: "change", wanted: ("changes", "changes"), unwanted: "events that change nothing", needsHistory: true
    ) { _, event, history in event.run?.status != history.lastStatus }

    @Test func aRuleWithAHistoryIsGivenIt() throws {
        let rules = SubscriptionRule.all + [Self.changed]
        let wants = try Subscription(reading: ["changes": [1]], rules: rules)
        let event = EventContent.testFinished(Samples.run(.finished))
        for (last, reason) in [(TestStatus.finished, SkipReason.notSubscribed("change")), (.failedThreshold, nil)] {
            let found = wants.reasonToSkip(event, rules: rules) { RunHistory(lastStatus: last) }
            #expect(found == reason)
        }
    }

    @Test func theHistoryIsOnlyReadIfAUsedRuleNeedsIt() throws {
        let rules = SubscriptionRule.all + [Self.changed]
        let event = EventContent.testFinished(Samples.run(.finished))
        var reads = 0
        let count = { () -> RunHistory in
            reads += 1
            return .none
        }
        _ = Subscription.everything.reasonToSkip(event, rules: rules, history: count)
        _ = try Subscription(reading: ["statuses": [3], "project_ids": [9]]).reasonToSkip(
            event, rules: rules, history: count)
        // The earlier rules have already decided.
        _ = try Subscription(reading: ["statuses": [12], "changes": [1]], rules: rules).reasonToSkip(
            event, rules: rules, history: count)
        #expect(reads == 0)
        _ = try Subscription(reading: ["changes": [1]], rules: rules).reasonToSkip(event, rules: rules, history: count)
        #expect(reads == 1)
    }

    @Test func rulesHaveUniqueNamesAndAllTexts() throws {
        for names in [
            SubscriptionRule.all.map(\.key), SubscriptionRule.all.map(\.option), SubscriptionRule.all.map(\.reason),
        ] {
            #expect(Set(names).count == names.count)
            for name in names { #expect(name.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil) }
        }
        for rule in SubscriptionRule.all {
            #expect(rule.expectation.isSentence && !rule.label.isEmpty && !rule.unwanted.isEmpty)
            #expect(SubscriptionRule.behind(.notSubscribed(rule.reason))?.key == rule.key)
            #expect(SkipReason(rawValue: "not_subscribed.\(rule.reason)") == .notSubscribed(rule.reason))
            if case .choices(let choices) = rule.items {
                for choice in choices { #expect(rule.item(typed: choice.value.typed) == choice.value) }
            }
            #expect(!rule.takes(rule.item(typed: "no such item")))
        }
    }

    @Sendable private static func noHistory() -> RunHistory { .none }

    @Test(
        arguments: [
            (#"{}"#, [:]), (#"{"events":null,"statuses":null,"project_ids":null}"#, [:]),
            (
                #"{"events":["test.finished"],"statuses":[3,12],"project_ids":[1]}"#,
                ["events": ["test.finished"], "statuses": [3, 12], "project_ids": [1]]
            ),
        ] as [(String, JSONValue)])
    func reads(_ text: String, _ subscription: JSONValue) throws {
        let read = try Subscription(reading: JSONValue.parse(text.utf8))
        #expect(try read == Subscription(reading: subscription))
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

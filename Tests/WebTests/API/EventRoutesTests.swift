import HTTPTypes
import Notifications
import Testing
import WebServing

@Suite struct EventRoutesTests {
    private let name = HTTPField.Name("Idempotency-Key")
    private let replayed = HTTPField.Name("Idempotent-Replayed")

    private func headers(_ key: String) throws -> HTTPFields { [try #require(name): key] }

    @Test func anEventIsAcceptedForEveryChannel() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "/v1/organizations/1"
            _ = try await caller.send(.post, path + "/channels", key: service.owner, TestInput.webHook())
            var finishedOnly = try #require(TestInput.webHook(name: "ends").object)
            finishedOnly["subscription"] = ["events": ["test.finished"]]
            _ = try await caller.send(.post, path + "/channels", key: service.owner, .object(finishedOnly))
            let accepted = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event())
            #expect(accepted.status == 202)
            #expect(try accepted.json["deliveries"] == ["due": 1, "skipped": 1])
            let id = try #require(try accepted.json["id"]?.string)
            let shown = try await caller.send(.get, "\(path)/events/\(id)", key: service.member).json
            #expect(shown["content"] == TestInput.event())
            #expect(shown["sequence"] == 1)
            let outcomes = try #require(shown["outcomes"]?.array)
            #expect(Set(outcomes.compactMap { $0["state"]?.string }) == ["due", "skipped"])
            #expect(outcomes.allSatisfy { $0["text"]?.string?.isEmpty == false })
        }
    }

    /// Reading them is work, though nothing comes of it.
    @Test(arguments: ["/v1/events", "/v1/events/batch", "/v2/room/1/notification"])
    func largeBodiesThatAreRefusedUseUpTheAllowance(path: String) async throws {
        let service = try await ServiceUnderTest()
        let large: JSONValue = ["events": [["name": .string(String(repeating: "x", count: 250_000))]]]
        try await service.run(admission: AdmissionLimits(eventsPerSecond: 1)) { caller in
            var statuses: [Int] = []
            while statuses.last != 429, statuses.count < 30 {
                statuses.append(try await caller.send(.post, path, key: service.scheduler, large).status)
            }
            // An allowance of 1,000, of which each takes 61.
            #expect(statuses.firstIndex(of: 429) == 17)
        }
    }

    @Test func theSameKeyIsAnsweredWithTheSameAnswer() async throws {
        let service = try await ServiceUnderTest()
        let replayed = try #require(replayed)
        try await service.run { caller in
            let first = try await caller.send(
                .post, "/v1/events", key: service.scheduler, TestInput.event(), headers: headers("run-1"))
            let again = try await caller.send(
                .post, "/v1/events", key: service.scheduler, TestInput.event(), headers: headers("run-1"))
            let other = try await caller.send(
                .post, "/v1/events", key: service.scheduler, TestInput.event(run: 2), headers: headers("run-1"))
            #expect(first.status == 202)
            #expect(first.headers[replayed] == nil)
            #expect(again.status == 200)
            #expect(again.headers[replayed] == "true")
            #expect(again.body == first.body)
            #expect(other.status == 422)
            let events = try await caller.send(.get, "/v1/organizations/1/events", key: service.member).json
            #expect(events["data"]?.array?.count == 1)
        }
    }

    @Test func theSameKeyManyTimesAtOnceIsOneEvent() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<40 {
                    group.addTask {
                        try await caller.send(
                            .post, "/v1/events", key: service.scheduler,
                            TestInput.event(run: index.isMultiple(of: 2) ? 1 : 2),
                            headers: headers("one")
                        ).status
                    }
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(statuses == [202: 1, 200: 19, 422: 20])
        }
    }

    @Test(arguments: ["", String(repeating: "a", count: 256), "ü", "a b"])
    func otherIdempotencyKeysAreRefused(_ key: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(
                .post, "/v1/events", key: service.scheduler, TestInput.event(), headers: headers(key))
            #expect(reply.status == 400)
            var two = try headers("a")
            two.append(HTTPField(name: try #require(name), value: "a"))
            let doubled = try await caller.send(
                .post, "/v1/events", key: service.scheduler, TestInput.event(), headers: two)
            #expect(doubled.status == 400)
            let events = try await caller.send(.get, "/v1/organizations/1/events", key: service.member).json
            #expect(events["data"] == [])
        }
    }

    @Test func onlyServiceKeysPostEvents() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for key in [service.owner, service.admin, service.member, service.operatorKey.reveal()] {
                #expect(try await caller.send(.post, "/v1/events", key: key, TestInput.event()).status == 403)
            }
            let foreign = try await caller.send(
                .post, "/v1/events", key: service.scheduler, TestInput.event(organization: 2))
            #expect(foreign.status == 404)
        }
    }

    @Test func aBatchHasAResultForEachEvent() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(
                .post, "/v1/events/batch", key: service.scheduler,
                [
                    "events": [
                        TestInput.event(run: 1), TestInput.event(status: 99), TestInput.event(organization: 2), 7,
                        TestInput.event(run: 3), ["event": "test.notification_channel"],
                    ]
                ])
            #expect(reply.status == 202)
            let results = try #require(try reply.json["results"]?.array)
            #expect(results.compactMap { $0["status"]?.integer } == [202, 400, 404, 400, 202, 202])
            #expect(results[1]["errors"]?.array?.first?["field"] == "events[1].status")
            #expect(results[3]["errors"]?.array?.first?["field"] == "events[3]")
            let events = try await caller.send(.get, "/v1/organizations/1/events", key: service.member).json["data"]?
                .array
            let ids = Set(events?.compactMap { $0["id"]?.string } ?? [])
            #expect(ids == Set([0, 4, 5].compactMap { results[$0]["id"]?.string }))
            #expect(ids.count == 3)
        }
    }

    @Test func aBatchOfNothingThatIsTakenIsAnsweredSo() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let none = try await caller.send(.post, "/v1/events/batch", key: service.scheduler, ["events": [7]])
            #expect(none.status == 200)
            let refused = try await caller.send(.post, "/v1/events/batch", key: service.owner, ["events": [7]])
            #expect(refused.status == 403)
            let many = JSONValue.array(Array(repeating: TestInput.event(), count: 1001))
            for body in [["events": many], ["events": []], [:], ["events": 7], ["events": [], "x": 1]] as [JSONValue] {
                #expect(try await caller.send(.post, "/v1/events/batch", key: service.scheduler, body).status == 400)
            }
            let keyed = try await caller.send(
                .post, "/v1/events/batch", key: service.scheduler, ["events": [TestInput.event()]],
                headers: headers("a"))
            #expect(keyed.status == 400)
        }
    }

    @Test func aBatchMayHaveAThousandEvents() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let events = (1...1000).map { TestInput.event(run: $0) }
            let reply = try await caller.send(
                .post, "/v1/events/batch", key: service.scheduler, ["events": .array(events)])
            #expect(reply.status == 202)
            #expect(try reply.json["results"]?.array?.allSatisfy { $0["status"] == 202 } == true)
        }
    }

    @Test func eventsAreListedInPartsAndFiltered() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for run in 1...5 as ClosedRange<Int64> {
                _ = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event(run: run))
            }
            let path = "/v1/organizations/1/events"
            var runs: [Int64] = []
            var cursor: String? = ""
            while let here = cursor {
                let query = "?limit=2" + (here.isEmpty ? "" : "&cursor=\(here)")
                let page = try await caller.send(.get, path + query, key: service.member).json
                runs += page["data"]?.array?.compactMap { $0["content"]?["load_test_run_id"]?.integer } ?? []
                cursor = page["next_cursor"]?.string
            }
            #expect(runs.sorted() == [1, 2, 3, 4, 5])
            let one = try await caller.send(.get, path + "?load_test_run_id=3&type=test.started", key: service.member)
                .json
            #expect(one["data"]?.array?.count == 1)
            let none = try await caller.send(.get, path + "?until=2020-01-01T00:00:00Z", key: service.member).json
            #expect(none["data"] == [])
            let wrong = try await caller.send(
                .get,
                path + "?since=2026-11-24T00:00:00Z&until=2026-11-23T00:00:00Z&type=x&load_test_run_id=1.5&order=asc",
                key: service.member)
            #expect(wrong.status == 400)
            #expect(try Set(wrong.wrongFields) == ["until", "type", "load_test_run_id", "order"])
        }
    }

    @Test func deliveriesAreListedAndRetried() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "/v1/organizations/1"
            let made = try await caller.send(.post, path + "/channels", key: service.owner, TestInput.webHook())
            let channel = try #require(try made.json["id"]?.string)
            let accepted = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event())
            let event = try #require(try accepted.json["id"]?.string)
            let list = try await caller.send(
                .get, path + "/deliveries?state=due&channel_id=\(channel)&event_id=\(event)", key: service.member
            ).json["data"]?.array
            let delivery = try #require(list?.first)
            #expect(list?.count == 1)
            #expect(delivery["attempt_count"] == 0)
            let one = path + "/deliveries/" + (try #require(delivery["id"]?.string))
            #expect(try await caller.send(.get, one, key: service.member).json["attempts"] == [])
            #expect(try await caller.send(.post, one + "/retry", key: service.member).status == 403)
            let retried = try await caller.send(.post, one + "/retry", key: service.owner)
            #expect(retried.status == 202)
            #expect(try retried.json["state"] == "due")
            #expect(try await caller.send(.get, one, key: service.stranger).status == 404)
        }
    }
}

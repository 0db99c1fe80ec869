import HTTPTypes
import Notifications
import Testing

@Suite struct AuthenticationTests {
    @Test func everyWayToHaveNoKeyIsAnsweredAlike() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "/v1/organizations/1"
            var replies = [try await caller.send(.get, path)]
            let wrong = APIKey().reveal()
            let headers = [
                "Bearer", "Bearer ", "Bearer rb_x", "Bearer  \(service.owner)", "Basic b3BlcmF0b3I6eA==", service.owner,
                "Bearer \(wrong)", "Bearer \(service.owner)x", "Bearer \(service.owner), Bearer \(service.owner)",
                "Bearer " + service.owner.dropLast() + (service.owner.hasSuffix("a") ? "b" : "a"),
            ]
            for header in headers {
                replies.append(try await caller.send(.get, path, headers: [.authorization: header]))
            }
            replies.append(try await caller.send(.get, path + "?key=\(service.owner)"))
            for reply in replies {
                #expect(reply.status == 401)
                #expect(reply.headers[.wwwAuthenticate] == "Bearer")
                #expect(reply.headers[.contentType] == "application/problem+json")
                #expect(reply.body.count == replies[0].body.count)
                #expect(try reply.withoutRequestID == replies[0].withoutRequestID)
            }
        }
    }

    @Test func schemeIsTakenInAnyCase() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(
                .get, "/v1/organizations/1", headers: [.authorization: "bearer \(service.owner)"])
            #expect(reply.status == 200)
        }
    }

    @Test func aRemovedKeyDoesNothing() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "/v1/organizations/1/keys"
            let made = try await caller.send(.post, path, key: service.owner, ["name": "short-lived", "user_id": 13])
            let key = try #require(try made.json["key"]?.string)
            let id = try #require(try made.json["id"]?.string)
            #expect(try await caller.send(.get, "/v1/organizations/1", key: key).status == 200)
            #expect(try await caller.send(.delete, "\(path)/\(id)", key: service.owner).status == 204)
            #expect(try await caller.send(.get, "/v1/organizations/1", key: key).status == 401)
            // The first refusal came from the transaction; by now the cache has dropped the key too.
            #expect(try await caller.send(.get, "/v1/channel-kinds", key: key).status == 401)
        }
    }

    /// Nothing else of these routes is looked up in the database.
    @Test func aRemovedKeySeesNoKindsEither() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let path = "/v1/organizations/1/keys"
            for body in [["name": "a", "user_id": 13], ["name": "b", "scopes": ["events:write"]]] as [JSONValue] {
                let made = try await caller.send(.post, path, key: service.owner, body)
                let key = try #require(try made.json["key"]?.string)
                let id = try #require(try made.json["id"]?.string)
                let pasted: JSONValue = ["url": "https://ci.example.org/hook"]
                let recognize = "/v1/channel-kinds/recognize"
                #expect(try await caller.send(.get, "/v1/channel-kinds", key: key).status == 200)
                #expect(try await caller.send(.post, recognize, key: key, pasted).status == 200)
                #expect(try await caller.send(.delete, "\(path)/\(id)", key: service.owner).status == 204)
                #expect(try await caller.send(.post, recognize, key: key, pasted).status == 401)
                #expect(try await caller.send(.get, "/v1/channel-kinds", key: key).status == 401)
            }
            #expect(
                try await caller.send(.get, "/v1/channel-kinds", key: service.operatorKey.reveal()).status == 200)
        }
    }

    @Test func guessingIsBoundedAndLocksNobodyOut() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let start = ContinuousClock.now
            var statuses: [Int] = []
            for _ in 0..<30 {
                statuses.append(try await caller.send(.get, "/v1/channel-kinds", key: APIKey().reveal()).status)
            }
            #expect(statuses == Array(repeating: 401, count: 20) + Array(repeating: 429, count: 10))
            let refused = try await caller.send(.get, "/v1/channel-kinds", key: "rb_mistyped")
            let seconds = try #require(refused.headers[.retryAfter].flatMap { Int($0) })
            // Not before the pause is over.
            #expect(seconds <= 61 && .seconds(seconds) >= .seconds(60) - (ContinuousClock.now - start))
            #expect(try await caller.send(.get, "/v1/channel-kinds", key: service.member).status == 200)
            #expect(try await caller.send(.get, "/v1/channel-kinds").status == 401)
        }
    }
}

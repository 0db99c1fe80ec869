import Foundation
import HTTPTypes
import Hummingbird
import Notifications
import Repository
import Synchronization
import TestSupport
import Testing

@testable import WebServing

/// Long reads affect neither the readiness check, which keeps the service in the load balancer, nor its keys.
@Suite struct ReadinessTests {
    /// Reads go on, so nothing but this tells a load balancer.
    @Test func aStoreThatWasMovedIsNotReady() async throws {
        let database = try TestEngine.current.emptyDatabase()
        let service = try await ServiceUnderTest(database: database)
        try await service.run { caller in
            #expect(try await caller.send(.get, "/readyz").status == 200)
            try await database.execute("UPDATE installation SET moved_to = 'postgresql://secret@db/new'")
            let reply = try await caller.send(.get, "/readyz")
            #expect(reply.status == 503)
            #expect(try reply.json["type"] == "/problems/moved")
            #expect(reply.headers[.retryAfter] == "60")
            #expect(!reply.text.contains("secret"))
            #expect(try await caller.send(.get, "/healthz").status == 200)
        }
    }

    @Test func slowListsLeaveReadinessAndNewKeysAlone() async throws {
        let folder = try TemporaryFolder()
        let database = try TestEngine.patient(in: folder)
        let service = try await ServiceUnderTest(database: database)
        let end = End()
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { end.hasCome.store(true, ordering: .relaxed) }
            // Four of them get a reader; the others wait.
            for organization in [1, 1, 1, 2, 2, 2] as [Int64] {
                group.addTask {
                    try await database.read(.long(of: OrganizationID(organization))) { _ throws(RepositoryError) in
                        end.holding.add(1, ordering: .relaxed)
                        while !end.hasCome.load(ordering: .relaxed) { Thread.sleep(forTimeInterval: 0.01) }
                    }
                }
            }
            try await wait { end.holding.load(ordering: .relaxed) == 4 }
            try await service.run { caller in
                for _ in 0..<5 {
                    #expect(try await caller.send(.get, "/readyz").status == 200)
                    let key = try await service.other.key(of: .user(UserID(21))).key
                    #expect(try await caller.send(.get, "/v1/organizations/2", key: key).status == 200)
                }
            }
            end.hasCome.store(true, ordering: .relaxed)
            try await group.waitForAll()
        }
    }
}

private final class End: Sendable {
    let hasCome = Atomic<Bool>(false)
    /// How many reads are in progress.
    let holding = Atomic<Int>(0)
}

import HTTPTypes
import Notifications
import Repository
import TestSupport
import Testing

@testable import WebPages
@testable import WebServing

@Suite struct SignInThrottleTests {
    private let start = ContinuousClock.now

    private func user(_ number: Int64, of organization: Int64 = 1) -> Principal {
        .user(UserID(number), of: OrganizationID(organization), key: KeyID(at: Timestamp(seconds: 0)))
    }

    @Test func aMemberSignsInThirtyTimesAMinuteWithWhateverKeys() {
        let throttle = SignInThrottle()
        #expect((0..<30).allSatisfy { _ in throttle.take(user(1), at: start) == nil })
        #expect(throttle.take(user(1), at: start + .seconds(45)) == .seconds(15))
        #expect(throttle.take(user(2), at: start + .seconds(45)) == nil)
        #expect(throttle.take(user(1, of: 2), at: start + .seconds(45)) == nil)
        #expect((0..<30).allSatisfy { _ in throttle.take(user(1), at: start + .seconds(60)) == nil })
        #expect(throttle.take(user(1), at: start + .seconds(60)) == .seconds(60))
    }

    @Test func nodesShareWhatIsAllowed() {
        let nodes = NodeCount()
        nodes.set(3)
        let throttle = SignInThrottle(nodes: nodes)
        #expect((0..<10).allSatisfy { _ in throttle.take(user(1), at: start) == nil })
        #expect(throttle.take(user(1), at: start) != nil)
    }

    @Test func theOperatorIsNotLimited() {
        let throttle = SignInThrottle()
        #expect((0..<100).allSatisfy { _ in throttle.take(.operator, at: start) == nil })
    }

    @Test func whoSignsInTooOftenIsToldToWait() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .secFetchSite: "same-origin"]
            let body = Array("key=\(service.member)".utf8)
            for _ in 0..<30 {
                #expect(try await caller.send(.post, "/login", bytes: body, headers: form).status == 303)
            }
            let reply = try await caller.send(.post, "/login", bytes: body, headers: form)
            #expect(reply.status == 429 && reply.text.contains("signed in too often"))
            #expect(reply.headers[.retryAfter].flatMap { Int($0) }.map { (1...60).contains($0) } == true)
            let entries = try await service.repository.auditLog(
                of: OrganizationID(1), filter: AuditFilter(action: "session.started"), page: PageRequest(limit: 100),
                as: service.tenant.owner.principal)
            #expect(entries.items.count == 30, "what is refused writes nothing")
        }
    }
}

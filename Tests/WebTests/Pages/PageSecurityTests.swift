import HTTPTypes
import Hummingbird
import Notifications
import Repository
import Testing

@testable import WebPages
@testable import WebServing

/// Who sees what on the pages, and which checks come first.
@Suite struct PageSecurityTests {
    private static let form: HTTPFields = [
        .contentType: "application/x-www-form-urlencoded", .secFetchSite: "same-origin",
    ]

    private func signIn(_ caller: Caller, _ key: String) async throws -> HTTPFields {
        let reply = try await caller.send(.post, "/login", bytes: Array("key=\(key)".utf8), headers: Self.form)
        let text = try #require(reply.headers[.setCookie])
        return [.cookie: String(text.prefix { $0 != ";" })]
    }

    /// Whether a request with these headers is accepted.
    private func isTaken(_ sites: [String], _ origins: [String], publicOrigin: String? = nil) -> Bool {
        var head = HTTPRequest(method: .post, scheme: "http", authority: "runbell.example", path: "/login")
        head.headerFields[values: .secFetchSite] = sites
        head.headerFields[values: .origin] = origins
        let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
        do {
            try SameOrigin(publicOrigin: publicOrigin).check(request)
            return true
        } catch {
            return false
        }
    }

    @Test func whatASiteSaysMustBeSaidOnceAndBeRight() {
        let ours = "https://runbell.example"
        #expect(isTaken(["same-origin"], []) && isTaken([], [ours]) && isTaken(["same-origin"], [ours]))
        #expect(!isTaken([], []))
        #expect(!isTaken(["same-origin", "same-origin"], []) && !isTaken([], [ours, ours]))
        #expect(!isTaken(["cross-site"], [ours]) && !isTaken(["same-origin"], ["https://evil.example"]))
        #expect(isTaken([], ["https://public.example"], publicOrigin: "https://public.example"))
        #expect(!isTaken([], [ours], publicOrigin: "https://public.example"))
    }

    @Test func pagesSayWhatSomebodyMayOnlyRead() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let sentences = ["As the operator, you can see keys", "Read-only: you are a member"]
            for (key, sentence) in [
                (service.owner, nil), (service.admin, nil), (service.member, 1), (service.operatorKey.reveal(), 0),
            ] as [(String, Int?)] {
                let headers = try await signIn(caller, key)
                let page = try await caller.send(.get, "/organizations/1/settings", headers: headers)
                #expect(page.status == 200)
                #expect(sentences.map { page.text.contains($0) } == [0, 1].map { $0 == sentence })
            }
        }
    }

    @Test func refusedPagesAreAudited() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let member = try await signIn(caller, service.member)
            let refused = try await caller.send(.get, "/organizations/1/audit-log", headers: member)
            #expect(refused.status == 403 && refused.text.contains("<nav"))
            let owner = try await signIn(caller, service.owner)
            let log = try await caller.send(.get, "/organizations/1/audit-log", headers: owner)
            #expect(log.status == 200 && log.text.contains("audit_log.read"))
        }
    }

    @Test func whatGoesWrongIsShownInsideTheOrganization() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let headers = try await signIn(caller, service.owner)
            let missing = try await caller.send(.get, "/organizations/1/events/1", headers: headers)
            #expect(missing.status == 404 && missing.text.contains("<nav"))
            let unknown = try await caller.send(.get, "/organizations/1/audit-log/export?since=1", headers: headers)
            #expect(unknown.status == 400)
        }
    }

    @Test func aFormOfNobodyIsNotSentToTheLogin() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(
                .post, "/organizations/1/settings", bytes: Array("name=Mine".utf8), headers: Self.form)
            #expect(reply.status == 401)
        }
    }
}

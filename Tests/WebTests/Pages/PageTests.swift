import Foundation
import HTTPTypes
import Hummingbird
import Notifications
import Repository
import TestSupport
import Testing

@testable import Web
@testable import WebPages
@testable import WebServing

/// The pages in process; Tests/Acceptance/pages tests them in browsers.
@Suite struct PageTests {
    private static let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
    private static let sameOrigin: HTTPFields = form.merging([.secFetchSite: "same-origin"])

    private func post(
        _ caller: Caller, _ path: String, _ body: String, cookie: String? = nil, headers: HTTPFields = sameOrigin
    ) async throws -> Reply {
        var fields = headers
        if let cookie { fields[.cookie] = cookie }
        return try await caller.send(.post, path, bytes: Array(body.utf8), headers: fields)
    }

    private func signIn(_ caller: Caller, _ key: String) async throws -> String {
        let reply = try await post(caller, "/login", "key=\(key)")
        #expect(reply.status == 303)
        let text = try #require(reply.headers[.setCookie])
        return String(text.prefix { $0 != ";" })
    }

    @Test func whoIsNotSignedInGoesToThePageForThat() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let reply = try await caller.send(.get, "/organizations/1/deliveries")
            #expect(reply.status == 303)
            #expect(reply.headers[.location] == "/login?to=/organizations/1/deliveries")
            let root = try await caller.send(.get, "/")
            #expect(root.headers[.location] == "/login")
        }
    }

    /// A live list keeps asking by itself, which must not keep a session from its idle timeout.
    @Test func onlyPeopleUseASession() async throws {
        let database = try TestEngine.current.emptyDatabase()
        let service = try await ServiceUnderTest(database: database)
        try await service.run { caller in
            let cookie = try await signIn(caller, service.owner)
            try await database.execute("UPDATE sessions SET used_at = used_at - 600000000")
            let before = try await usedAt(in: database)
            let page = "/organizations/1/members"
            let stream = try await caller.send(
                .get, page, headers: [.cookie: cookie, .accept: LiveStream.mediaType])
            #expect(stream.status == 200)
            #expect(try await usedAt(in: database) == before)
            #expect(try await caller.send(.get, page, headers: [.cookie: cookie]).status == 200)
            #expect(try await usedAt(in: database) >= before + 600_000_000)
        }
    }

    private func usedAt(in database: any SQLDatabase) async throws -> Int64 {
        try await database.read(.short, in: .wholeService) { connection throws(RepositoryError) in
            try connection.row("SELECT used_at FROM sessions", []) { $0.integer(0) } ?? 0
        }
    }

    @Test func everyPageAnswersAndSaysWhatBrowsersMayDo() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let cookie = try await signIn(caller, service.owner)
            for section in PageSection.allCases {
                let reply = try await caller.send(
                    .get, "/organizations/1/\(section.rawValue)", headers: [.cookie: cookie])
                #expect(reply.status == 200, "\(section)")
                let policy: String? = reply.headers[.contentSecurityPolicy]
                #expect(policy == PageHeaders.policy)
                #expect(reply.headers[.cacheControl] == "no-store")
                #expect(reply.text.contains("<h1><bdi>\(section.title)</bdi></h1>"))
                #expect(reply.text.matches(of: /aria-current="page">/).count == 1)
                #expect(reply.text.contains("/\(section.rawValue)\" aria-current=\"page\">\(section.title)</a>"))
                #expect(!reply.text.contains("{{"))
            }
            let foreign = try await caller.send(.get, "/organizations/2/events", headers: [.cookie: cookie])
            let missing = try await caller.send(.get, "/organizations/999/events", headers: [.cookie: cookie])
            #expect(foreign.status == 404)
            #expect(foreign.text == missing.text)
        }
    }

    @Test(
        "A web hook that is saved on a page shows the signing secret that was made, once", arguments: ["card", "page"])
    func showsTheNewSigningSecretOnce(origin: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let cookie = try await signIn(caller, service.owner)
            let page = try await caller.send(.get, "/organizations/1/notifications", headers: [.cookie: cookie])
            let token = try #require(page.text.firstMatch(of: /name="form_token" value="([^"]+)"/)?.1)
            let saved = try await post(
                caller, "/organizations/1/channels",
                "form_token=\(token)&kind=webhook&origin=\(origin)&settings.url=https://example.com/hook",
                cookie: cookie)
            #expect(saved.status == 200)
            let secret = try #require(saved.text.firstMatch(of: /whsec_[A-Za-z0-9+\/=]{20,}/)?.0)
            for path in ["/organizations/1/notifications", "/organizations/1/audit-log"] {
                let later = try await caller.send(.get, path, headers: [.cookie: cookie])
                #expect(!later.text.contains(secret))
            }
        }
    }

    @Test func formsAreForPagesAndJSONForTheAPI() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let api = try await post(caller, "/v1/events", "event=test.started")
            #expect(api.status == 415)
            let page = try await caller.send(.post, "/login", [:], headers: [.secFetchSite: "same-origin"])
            #expect(page.status == 415)
        }
    }

    @Test func requestsFromElsewhereChangeNothing() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for site in ["cross-site", "same-site", "none"] {
                let reply = try await post(
                    caller, "/login", "key=\(service.owner)", headers: Self.form.merging([.secFetchSite: site]))
                #expect(reply.status == 403, "\(site)")
                #expect(reply.headers[.setCookie] == nil)
            }
            #expect(try await post(caller, "/login", "key=x", headers: Self.form).status == 403)
            // Both headers are present, and the origin is foreign.
            for origin in ["https://evil.example", "null", "http://localhost:1", "http://localhost.evil.example"] {
                let headers = Self.sameOrigin.merging([.origin: origin])
                let reply = try await post(caller, "/login", "key=\(service.owner)", headers: headers)
                #expect(reply.status == 403, "\(origin)")
                #expect(reply.headers[.setCookie] == nil)
            }
            let ours = Self.sameOrigin.merging([.origin: "http://localhost"])
            #expect(try await post(caller, "/login", "key=\(service.owner)", headers: ours).status == 303)
        }
    }

    @Test func aFormOfAnotherSessionIsRefused() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let cookie = try await signIn(caller, service.owner)
            let body = "form_token=\(String(repeating: "0", count: 64))"
            let path = "/organizations/1/channels/\(ChannelID(at: Timestamp(seconds: 1)))/pause"
            let reply = try await post(caller, path, body, cookie: cookie)
            #expect(reply.status == 403)
            #expect(reply.text.contains("signed in again since this page was shown"))
        }
    }

    @Test func addressesToGoToAfterSigningInAreOurs() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for target in ["//evil.example", "https://evil.example", "/organizations/..%5c", "/login", "javascript:1"] {
                let reply = try await post(caller, "/login", "key=\(service.owner)&to=\(target)")
                #expect(reply.headers[.location] == "/organizations/1/notifications", "\(target)")
            }
        }
    }

    @Test func textsAreEscapedByTheirBytes() {
        let escaping = PageEscaping()
        #expect(escaping.escapeText("a<b>&\"'`") == "a&lt;b&gt;&amp;&quot;&#39;&#96;")
        // For swift-mustache's own escaping, these characters are not quotes and brackets.
        for text in ["\"\u{301}x", "<\u{338}x", "'\u{200D}x", "\"\u{FE0F}"] {
            let bytes = escaping.escapeText(text).utf8
            #expect(!bytes.contains { "<>\"'".utf8.contains($0) }, "\(text)")
        }
        struct Page: PageModel {
            static let template = "problem"
            let frame = PageFrame(title: "\"\u{301} onfocus=x")
            let text = "<\u{338}script>"
        }
        let page = PageTemplates.render(Page())
        #expect(page.contains("&quot;\u{301} onfocus=x"))
        #expect(page.contains("&lt;\u{338}script&gt;"))
    }

    /// What the API rejects in a name, the pages reject too.
    @Test(arguments: ["a%00", "a%1B%5B31m", "a%0D%0Ab", "a%E2%80%AEb", "a%E2%80%8Bb", "%EF%BB%BF"])
    func namesOnPagesAreThoseOfTheAPI(_ name: String) async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let cookie = try await signIn(caller, service.owner)
            let page = try await caller.send(.get, "/organizations/1/settings", headers: [.cookie: cookie])
            let token = try #require(page.text.firstMatch(of: /name="form_token" value="([0-9a-f]{64})"/)?.output.1)
            for (path, more) in [
                ("settings", "&retention=90&audit_retention=400"), ("keys", "&user=11&holder=user"),
            ] {
                let body = "form_token=\(token)&name=\(name)\(more)"
                let reply = try await post(caller, "/organizations/1/\(path)", body, cookie: cookie)
                #expect(reply.status == 422, "\(path)")
            }
            let kept = try await caller.send(.get, "/v1/organizations/1", key: service.owner)
            #expect(try kept.json["name"] == "Organization 1")
            for path in ["/v1/organizations/1/keys", "/v1/organizations/1/channels"] {
                let body: JSONValue = ["name": .string(name.removingPercentEncoding ?? ""), "user_id": 11]
                let reply = try await caller.send(.post, path, key: service.owner, body)
                #expect(reply.status == 400)
                // JSON allows no NUL at all.
                #expect(try reply.wrongFields.contains(name == "a%00" ? "body" : "name"))
            }
        }
    }

    @Test("The fallback channel changes only by a value that can be read")
    func aFallbackThatCannotBeReadIsRefused() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let made = try await caller.send(
                .post, "/v1/organizations/1/channels", key: service.owner, TestInput.webHook(name: "CI"))
            let channel = try #require(try made.json["id"]?.string)
            let cookie = try await signIn(caller, service.owner)
            let page = try await caller.send(.get, "/organizations/1/settings", headers: [.cookie: cookie])
            let token = try #require(page.text.firstMatch(of: /name="form_token" value="([0-9a-f]{64})"/)?.output.1)
            let body = "form_token=\(token)&name=Mine&retention=90&audit_retention=400"
            for (more, status, expected) in [
                ("&fallback=\(channel)", 303, JSONValue.string(channel)), ("&fallback=zzz", 422, .string(channel)),
                ("", 303, .string(channel)), ("&fallback=", 303, .null),
            ] {
                let reply = try await post(caller, "/organizations/1/settings", body + more, cookie: cookie)
                #expect(reply.status == status, "\(more)")
                if status == 422 { #expect(reply.text.contains("Choose one of the channels.")) }
                let kept = try await caller.send(.get, "/v1/organizations/1", key: service.owner)
                #expect(try kept.json["fallback_channel_id"] == expected, "\(more)")
            }
        }
    }

    @Test func formsAreReadAsBrowsersWriteThem() throws {
        let form = try FormBody("a=1+2%2B3&b=%C3%A9&empty=&a=again&c=+x+")
        #expect(form.text("a") == "1 2+3")
        #expect(form.all("a") == ["1 2+3", "again"])
        #expect(form.text("b") == "é")
        #expect(form.text("c") == "x")
        #expect(form.text("empty") == "" && form.filled("empty") == nil && form.text("none") == nil)
        for wrong in ["a=%", "a=%zz", "a=%ff"] {
            #expect(throws: Problem.self) { try FormBody(wrong) }
        }
    }

    @Test func cookiesAreReadStrictly() {
        let token = RandomToken()
        for isSecure in [true, false] {
            let cookie = SessionCookie(isSecure: isSecure)
            let pair = "\(cookie.name)=\(token.reveal())"
            #expect(cookie.token(in: [.cookie: "a=b; \(pair); c=d"])?.hash == token.hash)
            #expect(cookie.token(in: [.cookie: "\(pair); \(pair)"]) == nil)
            #expect(cookie.token(in: [.cookie: "x\(pair)"]) == nil)
            #expect(cookie.setting(token).contains("; HttpOnly; SameSite=Strict"))
            #expect(cookie.setting(token).hasSuffix("Max-Age=28800"))
        }
        #expect(SessionCookie(isSecure: true).setting(token).hasPrefix("__Host-runbell="))
        #expect(PageVisibility(origin: "http://a", isLoopback: false).isSecure == false)
        #expect(PageVisibility(isLoopback: false).isSecure)
    }

    @Test func changesAreFoundLeafByLeaf() {
        let before: JSONValue = ["name": "a", "settings": ["url": "x", "gone": true], "version": 1, "list": [1, 2]]
        let after: JSONValue = ["name": "b", "settings": ["url": "x", "new": "y"], "version": 2, "list": [1, 2]]
        #expect(
            ChangeView.all(from: before, to: after) == [
                ChangeView("name", "a", "b"), ChangeView("settings.gone", "true", nil),
                ChangeView("settings.new", nil, "y"),
            ])
    }

    @Test func timesAreTakenAsPeopleTypeThem() {
        #expect(Timestamp(typed: "2026-11-24")?.description == "2026-11-24T00:00:00.000000Z")
        #expect(Timestamp(typed: "2026-11-24 10:12")?.description == "2026-11-24T10:12:00.000000Z")
        #expect(Timestamp(typed: "2026-11-24T10:12:30Z")?.description == "2026-11-24T10:12:30.000000Z")
        #expect(Timestamp(typed: "yesterday") == nil)
    }
}

extension HTTPFields {
    fileprivate func merging(_ more: HTTPFields) -> HTTPFields {
        var all = self
        for field in more { all[field.name] = field.value }
        return all
    }
}

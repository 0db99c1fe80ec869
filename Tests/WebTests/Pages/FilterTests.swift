import HTTPTypes
import Hummingbird
import Notifications
import Testing

@testable import WebPages
@testable import WebServing

/// What a page's address says, and answers that are no list.
@Suite struct FilterTests {
    @Test func aWrongFilterShowsItsErrorAlone() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            _ = try await caller.send(
                .post, "/v1/organizations/1/channels", key: service.owner, TestInput.webHook())
            _ = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event())
            let owner = try await SignedIn(caller, service.owner)
            for (list, query, label) in [
                ("deliveries", "state=foo", "State"), ("deliveries", "channel=nobody", "Channel"),
                ("events", "status=abc", "Status"), ("events", "name=%07", "Load test"),
                ("audit-log", "since=soon", "Since"),
            ] {
                let page = try await owner.get("\(list)?\(query)").text
                #expect(page.contains("role=\"alert\">\(label): "), "\(query)")
                for part in ["<table", "data-live", "match this filter", "Retry selected", "<ol", "CSV"] {
                    #expect(!page.contains(part), "\(query): \(part)")
                }
                #expect(try await owner.get(list).text.contains(/<table|<ol/))
            }
        }
    }

    /// What a page says of an error does not speak of the API.
    @Test func whatIsNotValidIsSaidInWords() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let page = try await owner.get("notifications?show=nothing").text
            #expect(page.contains("<title>Not valid · "))
            #expect(page.contains("What was entered is not valid. Nothing was changed."))
            #expect(page.contains("<p class=\"error\">Must be one of failing, "))
            #expect(try await caller.send(.init("PROPFIND")!, "/login").text.contains("<title>Not supported · "))
        }
    }

    @Test func aRetryOfNothingIsNoRetry() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let nothing = try await owner.post("deliveries/retry", "")
            #expect(nothing.headers[.location] == "/organizations/1/deliveries?done=nothing-selected")
            #expect(try await SignedIn(caller, service.member).post("deliveries/retry", "").status == 403)
        }
    }

    @Test func filesAreServedWithoutTheirComments() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            for file in [PageAsset.styles, PageAsset.script] {
                let lines = try await caller.send(.get, file.path).text.split(separator: "\n")
                #expect(lines.count > 100)
                #expect(lines.filter { $0.starts(with: /\s|\/\/|\/\*/) } == [])
            }
        }
    }

    @Test func theNumberOfRowsIsKept() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            _ = try await caller.send(
                .post, "/v1/organizations/1/channels", key: service.owner, TestInput.webHook())
            for run in 1...3 as ClosedRange<Int64> {
                _ = try await caller.send(.post, "/v1/events", key: service.scheduler, TestInput.event(run: run))
            }
            let owner = try await SignedIn(caller, service.owner)
            let page = try await owner.get("deliveries?limit=2&state=due").text
            #expect(page.contains("data-live=\"/organizations/1/deliveries/live?state=due&amp;limit=2\""))
            #expect(page.contains("/deliveries?state=due&amp;limit=2&amp;cursor="))
            #expect(page.contains("name=\"limit\" value=\"2\""))
            for list in ["events", "audit-log"] {
                #expect(try await owner.get("\(list)?limit=2").text.contains("/\(list)?limit=2&amp;cursor="))
            }
            #expect(try await !owner.get("deliveries").text.contains("limit"))
        }
    }

    @Test func signingInLeadsToThePageWithItsFilter() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let filtered = "/organizations/1/events?status=12&name=a%20b"
            let reply = try await caller.send(.get, filtered)
            let login = try #require(reply.headers[.location])
            #expect(login == "/login?to=/organizations/1/events%3Fstatus%3D12%26name%3Da%2520b")
            let form = try await caller.send(.get, login).text
            #expect(form.contains("name=\"to\" value=\"/organizations/1/events?status=12&amp;name=a%20b\""))
            let long = try await caller.send(.get, "/organizations/1/events?name=" + String(repeating: "a", count: 600))
            #expect(long.headers[.location] == "/login?to=/organizations/1/events")
            for (target, place) in [
                ("/organizations/1/events%3Fstatus%3D12%26name%3Da%2520b", filtered),
                ("/organizations/1/events%3Fa%0D%0AX:b", "/organizations/1/notifications"),
                ("//evil.example/organizations/", "/organizations/1/notifications"),
            ] {
                let entered = try await caller.send(
                    .post, "/login", bytes: Array("key=\(service.owner)&to=\(target)".utf8),
                    headers: [.contentType: "application/x-www-form-urlencoded", .secFetchSite: "same-origin"])
                #expect(entered.status == 303)
                #expect(entered.headers[.location] == place)
            }
        }
    }

    @Test func aBrowserIsToldInAPageThatThereIsNone() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let browser: HTTPFields = [.accept: "text/html,application/xhtml+xml,*/*;q=0.8"]
            for (path, headers, type) in [
                ("/nope", browser, "text/html; charset=utf-8"), ("/nope", [:], "application/problem+json"),
                ("/nope", [.accept: "*/*"], "application/problem+json"),
                ("/v1/nope", browser, "application/problem+json"),
            ] as [(String, HTTPFields, String)] {
                let reply = try await caller.send(.get, path, headers: headers)
                #expect(reply.status == 404)
                #expect(reply.headers[.contentType] == type, "\(path) \(headers)")
                if type.hasPrefix("text/html") { #expect(reply.headers[.contentSecurityPolicy] == PageHeaders.policy) }
            }
        }
    }

    @Test func anErrorInsideAPageKeepsItsHeaders() async throws {
        #expect(Response.page(for: .tooManyStreams, in: PageFrame(title: "Deliveries")).headers[.retryAfter] == "30")
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let channels = "/v1/organizations/1/channels"
            let made = try await caller.send(.post, channels, key: service.owner, TestInput.webHook())
            let id = try #require(try made.json["id"]?.string)
            let owner = try await SignedIn(caller, service.owner)
            let stale = try await owner.post("channels/\(id)/state", "state=disabled&version=7")
            #expect(stale.status == 412)
            #expect(stale.headers[.eTag] == "\"1\"")
            #expect(stale.text.contains("Organization 1"))
        }
    }

    @Test func thePreviewSaysWhyAnEventWouldBeSkipped() async throws {
        let service = try await ServiceUnderTest()
        try await service.run { caller in
            let owner = try await SignedIn(caller, service.owner)
            let key = String(repeating: "p", count: 32)
            for (settings, more, text) in [
                ("kind=pagerduty&settings.routing_key=\(key)", "", "PagerDuty is told only that a run failed"),
                (
                    "kind=webhook&settings.url=https://example.com/",
                    "&subscription=1&statuses=12&events=test.finished",
                    "it wants only events of the type test.finished."
                ),
            ] {
                let made = try await owner.post("channels", settings + more + "&origin=page")
                let channels = try await caller.send(.get, "/v1/organizations/1/channels", key: service.owner)
                let id = try #require(try channels.json["data"]?.array?.last?["id"]?.string, "\(made.text)")
                let page = try await owner.get("channels/\(id)?preview=test.started").text
                #expect(page.contains("The channel would skip this event because \(text)"), "\(settings)")
            }
        }
    }
}

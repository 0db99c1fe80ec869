import Notifications
import Testing

/// What the documented answers of the services mean that page people, and of those that hold repositories.
@Suite struct OnCallVerdictTests {
    typealias Row = (status: Int, body: String, word: String, code: String?)

    static let pagerduty: [Row] = [
        (202, #"{"status":"success","message":"Event processed","dedup_key":"k"}"#, "delivered", nil),
        (200, "", "refused", "unexpected_answer"),
        (
            400, #"{"status":"invalid event","errors":["'payload.severity' is invalid"]}"#, "refused",
            "pagerduty.invalid_event"
        ),
        (
            400, #"{"errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}"#, "gone",
            "pagerduty.key_rejected"
        ),
        (400, #"{"errors":["Invalid routing key"]}"#, "gone", "pagerduty.key_rejected"),
        (400, "<html>", "refused", "pagerduty.invalid_event"), (403, "", "refused", "pagerduty.key_rejected"),
        (413, "", "refused", "pagerduty.too_large"), (429, "", "retry", "pagerduty.rate_limited"),
        (500, "", "retry", "http.500"),
    ]

    static let opsgenie: [Row] = [
        (202, #"{"result":"Request will be processed","took":0.3,"requestId":"r"}"#, "delivered", nil),
        (200, "", "refused", "unexpected_answer"), (400, "", "refused", "opsgenie.invalid_alert"),
        (401, "", "gone", "opsgenie.unauthorized"), (402, "", "refused", "opsgenie.plan"),
        (403, #"{"code":40301}"#, "gone", "opsgenie.forbidden"), (404, "", "refused", "http.404"),
        (422, #"{"errors":{"message":"x"}}"#, "refused", "opsgenie.invalid_alert"),
        (429, "", "retry", "opsgenie.rate_limited"), (503, "", "retry", "http.503"),
    ]

    static let ntfy: [Row] = [
        (200, #"{"id":"x","time":1,"event":"message","topic":"t"}"#, "delivered", nil),
        (200, "<html>", "refused", "unexpected_answer"), (200, #"{"event":"open"}"#, "refused", "unexpected_answer"),
        (400, #"{"code":40009,"http":400}"#, "gone", "ntfy.topic_invalid"),
        (400, #"{"code":40010}"#, "gone", "ntfy.topic_disallowed"), (400, #"{"code":40024}"#, "refused", "http.400"),
        (401, #"{"code":40101}"#, "gone", "ntfy.unauthorized"), (403, #"{"code":40301}"#, "gone", "ntfy.forbidden"),
        (413, #"{"code":41301}"#, "refused", "ntfy.too_large"), (429, #"{"code":42901}"#, "retry", "ntfy.rate_limited"),
        (429, #"{"code":42908}"#, "retry", "ntfy.daily_limit"),
        (429, #"{"code":42909}"#, "retry", "ntfy.too_many_failures"),
        (507, #"{"code":50701}"#, "retry", "ntfy.storage_full"),
    ]

    static let github: [Row] = [
        (201, #"{"id":1,"state":"success"}"#, "delivered", nil),
        (200, #"{"full_name":"acme/shop","permissions":{"push":true}}"#, "delivered", nil),
        (200, #"{"full_name":"acme/shop","permissions":{"push":false}}"#, "refused", "github.forbidden"),
        (200, "<html>", "refused", "unexpected_answer"),
        (301, #"{"message":"Moved Permanently"}"#, "refused", "github.moved"),
        (307, #"{"message":"Temporary Redirect"}"#, "refused", "github.moved"), (301, "", "refused", "http.301"),
        (401, #"{"message":"Bad credentials"}"#, "gone", "github.unauthorized"),
        (403, #"{"message":"Resource not accessible by personal access token"}"#, "refused", "github.forbidden"),
        (403, #"{"message":"API rate limit exceeded for user ID 1."}"#, "retry", "github.rate_limited"),
        (403, #"{"message":"You have exceeded a secondary rate limit."}"#, "retry", "github.rate_limited"),
        (404, #"{"message":"Not Found"}"#, "refused", "github.not_found"),
        (422, #"{"message":"No commit found for SHA: 6dcb09b5"}"#, "refused", "github.no_such_commit"),
        (
            422,
            #"{"message":"Validation Failed","errors":[{"resource":"Status","code":"custom","message":"This SHA and context has reached the maximum number of statuses."}]}"#,
            "refused", "github.too_many_statuses"
        ),
        (422, #"{"message":"Validation Failed"}"#, "refused", "github.invalid_status"),
        (429, "", "retry", "github.rate_limited"), (502, "", "retry", "http.502"),
    ]

    static let gitlab: [Row] = [
        (201, #"{"id":93,"status":"success"}"#, "delivered", nil),
        (200, #"{"id":17,"path_with_namespace":"acme/web/shop"}"#, "delivered", nil),
        (200, "<html>", "refused", "unexpected_answer"),
        (400, transition("run", from: "running"), "delivered", nil),
        (400, transition("enqueue", from: "pending"), "delivered", nil),
        (400, transition("run", from: "success"), "refused", "gitlab.invalid_status"),
        (400, #"{"error":"state does not have a valid value"}"#, "refused", "gitlab.invalid_status"),
        (401, #"{"message":"401 Unauthorized"}"#, "gone", "gitlab.unauthorized"),
        (
            405, #"{"message":"Non GET methods are not allowed for moved projects"}"#, "refused", "gitlab.moved"
        ), (405, #"{"message":"405 Method Not Allowed"}"#, "refused", "http.405"),
        (403, #"{"error":"insufficient_scope"}"#, "refused", "gitlab.forbidden"),
        (404, #"{"message":"404 Project Not Found"}"#, "refused", "gitlab.no_such_project"),
        (404, #"{"message":"404 Commit Not Found"}"#, "refused", "gitlab.no_such_commit"),
        (404, "<html>", "refused", "gitlab.not_found"), (429, "Retry later", "retry", "http.429"),
        (500, "", "retry", "http.500"),
    ]

    static let tables: [(kind: String, rows: [Row])] = [
        ("pagerduty", pagerduty), ("opsgenie", opsgenie), ("ntfy", ntfy), ("github", github), ("gitlab", gitlab),
    ]

    @Test(arguments: tables.flatMap { table in table.rows.map { (table.kind, $0) } })
    func reads(_ id: String, _ row: Row) throws {
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        let verdict = kind.verdict(on: Samples.answer(row.status, row.body))
        #expect(verdict.word == row.word)
        #expect(verdict.finding?.code == row.code)
        #expect(verdict.finding?.text.isSentence != false)
    }

    /// Each says in its own way how long to wait.
    @Test func waits() {
        let reset = ("X-RateLimit-Reset", String(Samples.at.seconds + 90))
        let used = Samples.answer(403, "", ("X-RateLimit-Remaining", "0"), reset)
        #expect(wait(GitHub().verdict(on: used)) == .seconds(90))
        #expect(wait(GitHub().verdict(on: Samples.answer(403, "", ("Retry-After", "60")))) == .seconds(60))
        let left = Samples.answer(403, "", ("X-RateLimit-Remaining", "7"), reset)
        #expect(GitHub().verdict(on: left).word == "refused")
        let period = Samples.answer(429, "", ("X-RateLimit-Period-In-Sec", "60"))
        #expect(wait(Opsgenie().verdict(on: period)) == .seconds(60))
    }

    private func wait(_ verdict: Verdict) -> Duration? {
        if case .retry(_, let after) = verdict { after } else { nil }
    }

    private static func transition(_ event: String, from state: String) -> String {
        #"{"message":"Cannot transition status via :\#(event) from :\#(state) (Reason(s): Status cannot transition via)"}"#
    }
}

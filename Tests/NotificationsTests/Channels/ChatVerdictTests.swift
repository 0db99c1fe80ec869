import Notifications
import Testing

/// What the chat services' documented answers mean. Every kind that people read has its table here or in a suite of its
/// own.
@Suite struct ChatVerdictTests {
    typealias Row = (status: Int, body: String, word: String, code: String?)

    static let teams: [Row] = [
        (202, "", "delivered", nil), (200, "", "delivered", nil), (201, "", "refused", "unexpected_answer"),
        (200, "Webhook message delivery failed with error: HTTP error 429", "retry", "teams.throttled"),
        (400, azure("WorkflowTriggerIsNotEnabled"), "gone", "teams.workflow_disabled"),
        (400, azure("MissingApiVersionParameter"), "gone", "teams.incomplete_address"),
        (400, azure("TriggerInputSchemaMismatch"), "refused", "teams.schema_mismatch"),
        (400, azure("InvalidTemplate"), "refused", "teams.invalid_template"),
        (400, azure("DirectApiRequestHasMoreThanOneAuthorization"), "refused", "teams.two_authorizations"),
        (401, azure("DirectApiAuthorizationRequired"), "gone", "teams.authorization_required"),
        (401, azure("MisMatchingOAuthClaims"), "gone", "teams.tenant_only"), (401, "", "refused", "http.401"),
        (403, "", "gone", "teams.forbidden"), (404, azure("WorkflowNotFound"), "gone", "teams.workflow_not_found"),
        (404, "<html>", "refused", "http.404"), (408, "", "retry", "http.408"),
        (429, azure("TooManyRequests"), "retry", "teams.throttled"),
        (502, azure("WorkflowTriggerIsNotEnabled"), "retry", "http.502"),
    ]

    static let discord: [Row] = [
        (204, "", "delivered", nil), (200, #"{"type":0,"id":"1"}"#, "delivered", nil),
        (200, "<html>", "refused", "unexpected_answer"), (202, "", "refused", "unexpected_answer"),
        (400, #"{"code":50006}"#, "refused", "discord.empty_message"),
        (400, #"{"message":"Invalid Form Body","code":50035,"errors":{}}"#, "refused", "discord.invalid_form"),
        (400, #"{"code":220001}"#, "gone", "discord.thread_needed"),
        (400, #"{"code":220002}"#, "gone", "discord.thread_named_twice"),
        (400, #"{"code":220003}"#, "gone", "discord.no_forum"),
        (400, #"{"code":200000}"#, "refused", "discord.blocked_by_automod"),
        (400, #"{"code":240000}"#, "refused", "discord.harmful_link"),
        (401, #"{"code":50027}"#, "gone", "discord.invalid_token"),
        (401, #"{"code":0}"#, "refused", "http.401"), (403, #"{"code":50013}"#, "gone", "discord.missing_permissions"),
        (403, #"{"code":40333}"#, "refused", "discord.blocked_by_cloudflare"),
        (404, #"{"message":"Unknown Webhook","code":10015}"#, "gone", "discord.unknown_webhook"),
        (404, #"{"code":10003}"#, "gone", "discord.unknown_channel"),
        (413, #"{"code":40005}"#, "refused", "discord.too_large"),
        (429, #"{"retry_after":0.5,"global":false}"#, "retry", "discord.rate_limited"),
        (500, #"{"code":10015}"#, "retry", "http.500"), (502, "<html>", "retry", "http.502"),
    ]

    static let googlechat: [Row] = [
        (200, #"{"name":"spaces/A/messages/B","thread":{"name":"t"}}"#, "delivered", nil),
        (200, "<html>", "refused", "unexpected_answer"),
        (200, google(400, "INVALID_ARGUMENT"), "refused", "unexpected_answer"),
        (400, google(400, "INVALID_ARGUMENT"), "refused", "googlechat.invalid_argument"),
        (
            400, #"{"error":{"status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#, "gone",
            "googlechat.invalid_key"
        ),
        (401, google(401, "UNAUTHENTICATED"), "retry", "googlechat.unauthenticated"),
        (403, google(403, "PERMISSION_DENIED"), "gone", "googlechat.permission_denied"),
        (403, "", "refused", "http.403"), (404, google(404, "NOT_FOUND"), "gone", "googlechat.not_found"),
        (429, google(429, "RESOURCE_EXHAUSTED"), "retry", "googlechat.rate_limited"),
        (503, google(503, "UNAVAILABLE"), "retry", "http.503"),
    ]

    static let mattermost: [Row] = [
        (200, "ok", "delivered", nil), (200, "", "refused", "unexpected_answer"),
        (400, error("web.incoming_webhook.invalid.app_error"), "gone", "mattermost.invalid_webhook"),
        (400, error("web.incoming_webhook.parse.app_error"), "refused", "mattermost.invalid_payload"),
        (400, error("web.incoming_webhook.text.app_error"), "refused", "mattermost.no_text"),
        (400, error("web.incoming_webhook.general.app_error"), "gone", "mattermost.invalid_webhook"),
        (403, error("web.incoming_webhook.general.app_error"), "gone", "mattermost.forbidden"),
        (413, error("web.incoming_webhook.general.app_error"), "refused", "http.413"),
        (429, error("web.incoming_webhook.general.app_error"), "retry", "http.429"),
        (400, error("web.incoming_webhook.decode.app_error"), "refused", "mattermost.invalid_payload"),
        (400, error("another"), "refused", "http.400"),
        (403, error("web.incoming_webhook.permissions.app_error"), "gone", "mattermost.forbidden"),
        (403, "<html>", "refused", "http.403"),
        (404, error("store.sql_channel.get.existing.app_error"), "gone", "mattermost.channel_not_found"),
        (404, "<html>", "refused", "http.404"), (429, "", "retry", "http.429"), (500, error("x"), "retry", "http.500"),
        (501, error("web.incoming_webhook.disabled.app_error"), "gone", "mattermost.switched_off"),
    ]

    static let rocketchat: [Row] = [
        (200, #"{"success":true}"#, "delivered", nil), (200, #"{"what":"the script returned"}"#, "delivered", nil),
        (200, "", "refused", "unexpected_answer"),
        (200, #"{"success":false,"error":"x"}"#, "refused", "unexpected_answer"),
        (400, #"{"success":false,"error":"invalid-channel"}"#, "gone", "rocketchat.invalid_channel"),
        (400, #"{"success":false,"error":"error-invalid-channel"}"#, "gone", "rocketchat.invalid_channel"),
        (400, #"{"success":false,"error":"error-running-script"}"#, "refused", "rocketchat.script_error"),
        (
            401, #"{"success":false,"error":"Invalid integration id or token provided."}"#, "gone",
            "rocketchat.invalid_token"
        ),
        (
            401, #"{"status":"error","message":"You must be logged in to do this."}"#, "gone",
            "rocketchat.not_logged_in"
        ),
        (400, #"{"success":false,"error":"new"}"#, "refused", "http.400"), (404, "<html>", "refused", "http.404"),
        (429, #"{"success":false}"#, "retry", "rocketchat.rate_limited"),
        (503, "Service Unavailable", "retry", "http.503"),
    ]

    static let telegram: [Row] = [
        (200, #"{"ok":true,"result":{"message_id":7}}"#, "delivered", nil),
        (200, #"{"ok":true,"result":{"message_id":7,"text":"cut"#, "delivered", nil),
        (200, "<html>", "refused", "unexpected_answer"), (200, sentence("new"), "refused", "unexpected_answer"),
        (400, sentence("Bad Request: chat not found"), "gone", "telegram.chat_not_found"),
        (400, sentence("Bad Request: message thread not found"), "gone", "telegram.topic_not_found"),
        (400, sentence("Bad Request: TOPIC_CLOSED"), "gone", "telegram.topic_closed"),
        (400, sentence("Bad Request: TOPIC_DELETED"), "gone", "telegram.topic_not_found"),
        (400, sentence("Bad Request: need administrator rights in the channel chat"), "gone", "telegram.no_rights"),
        (400, sentence("Bad Request: CHAT_WRITE_FORBIDDEN"), "gone", "telegram.no_rights"),
        (400, sentence("Bad Request: PEER_ID_INVALID"), "gone", "telegram.chat_not_found"),
        (403, sentence("Forbidden: bot can't initiate conversation with a user"), "gone", "telegram.not_started"),
        (403, sentence("Forbidden: bot can't send messages to bots"), "gone", "telegram.chat_of_bot"),
        (400, sentence("Bad Request: message text is empty"), "refused", "telegram.no_text"),
        (400, sentence("Bad Request: message is too long"), "refused", "telegram.too_long"),
        (400, sentence("Bad Request: can't parse entities: Unsupported"), "refused", "telegram.invalid_markup"),
        (
            400,
            #"{"ok":false,"description":"group chat was upgraded","parameters":{"migrate_to_chat_id":-1009}}"#,
            "gone", "telegram.chat_moved"
        ),
        (400, sentence("Bad Request: new"), "refused", "http.400"),
        (401, sentence("Unauthorized"), "gone", "telegram.unauthorized"), (401, "<html>", "refused", "http.401"),
        (403, sentence("Forbidden: bot was blocked by the user"), "gone", "telegram.blocked"),
        (403, sentence("Forbidden: bot was kicked from the supergroup chat"), "gone", "telegram.kicked"),
        (403, sentence("Forbidden: bot is not a member of the channel chat"), "gone", "telegram.not_a_member"),
        (403, sentence("Forbidden: user is deactivated"), "gone", "telegram.user_deactivated"),
        (403, sentence("Forbidden: the group chat was deleted"), "gone", "telegram.chat_deleted"),
        (403, sentence("Forbidden: new"), "gone", "telegram.forbidden"),
        (404, sentence("Not Found"), "gone", "telegram.unauthorized"), (421, "", "retry", "http.421"),
        (429, sentence("Too Many Requests: retry after 30"), "retry", "telegram.rate_limited"),
        (500, sentence("Internal Server Error"), "retry", "http.500"),
    ]

    static let zulip: [Row] = [
        (200, #"{"result":"success","msg":"","id":42}"#, "delivered", nil),
        (200, #"{"result":"error","code":"STREAM_DOES_NOT_EXIST"}"#, "gone", "zulip.channel_not_found"),
        (200, "", "refused", "unexpected_answer"),
        (400, #"{"code":"STREAM_DOES_NOT_EXIST"}"#, "gone", "zulip.channel_not_found"),
        (400, #"{"code":"BAD_REQUEST"}"#, "refused", "zulip.bad_request"),
        (400, zulip("Not authorized to send to channel 'tests'"), "gone", "zulip.not_authorized"),
        (400, zulip("You do not have permission to post in this channel."), "gone", "zulip.not_authorized"),
        (
            400, zulip("You do not have permission to create new topics in this channel."), "refused",
            "zulip.no_new_topics"
        ),
        (401, #"{"code":"INVALID_API_KEY"}"#, "gone", "zulip.invalid_key"),
        (401, #"{"code":"UNAUTHORIZED"}"#, "gone", "zulip.unauthorized"),
        (403, #"{"code":"USER_DEACTIVATED"}"#, "gone", "zulip.bot_deactivated"),
        (403, #"{"code":"REALM_DEACTIVATED"}"#, "gone", "zulip.organization_deactivated"),
        (404, "<html>", "refused", "http.404"),
        (429, #"{"code":"RATE_LIMIT_HIT","retry-after":28.7}"#, "retry", "zulip.rate_limited"),
        (502, "<html>", "retry", "http.502"),
    ]

    static let matrix: [Row] = [
        (200, #"{"event_id":"$x"}"#, "delivered", nil), (200, "{}", "refused", "unexpected_answer"),
        (400, #"{"errcode":"M_BAD_JSON"}"#, "refused", "matrix.bad_json"),
        (400, #"{"errcode":"M_NOT_JSON"}"#, "refused", "matrix.bad_json"),
        (401, #"{"errcode":"M_UNKNOWN_TOKEN","soft_logout":false}"#, "gone", "matrix.unknown_token"),
        (401, #"{"errcode":"M_MISSING_TOKEN"}"#, "gone", "matrix.missing_token"),
        (403, #"{"errcode":"M_FORBIDDEN"}"#, "gone", "matrix.forbidden"),
        (403, #"{"errcode":"M_CONSENT_NOT_GIVEN"}"#, "gone", "matrix.consent_not_given"),
        (403, #"{"errcode":"M_RESOURCE_LIMIT_EXCEEDED"}"#, "retry", "matrix.resource_limit"),
        (401, #"{"errcode":"M_USER_LOCKED"}"#, "gone", "matrix.account_locked"),
        (403, #"{"errcode":"M_USER_SUSPENDED"}"#, "gone", "matrix.account_suspended"),
        (404, #"{"errcode":"M_NOT_FOUND"}"#, "refused", "matrix.not_found"),
        (404, #"{"errcode":"M_UNRECOGNIZED"}"#, "refused", "matrix.no_homeserver"),
        (404, "<html>", "refused", "http.404"),
        (413, #"{"errcode":"M_TOO_LARGE"}"#, "refused", "matrix.too_large"),
        (429, #"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":3871}"#, "retry", "matrix.rate_limited"),
        (500, #"{"errcode":"M_UNKNOWN"}"#, "retry", "http.500"),
    ]

    static let tables: [(kind: String, rows: [Row])] = [
        ("teams", teams), ("discord", discord), ("googlechat", googlechat), ("mattermost", mattermost),
        ("rocketchat", rocketchat), ("telegram", telegram), ("zulip", zulip), ("matrix", matrix),
    ]

    @Test(arguments: tables.flatMap { table in table.rows.map { (table.kind, $0) } })
    func reads(_ id: String, _ row: Row) throws {
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        let verdict = kind.verdict(on: Samples.answer(row.status, row.body))
        #expect(verdict.word == row.word)
        #expect(verdict.finding?.code == row.code)
        #expect(verdict.finding?.text.isSentence != false)
    }

    /// The longer of the header and the body, which is more exact.
    @Test(
        arguments: [
            ("discord", #"{"retry_after":1.337}"#, nil, 1337), ("discord", #"{"retry_after":1.337}"#, "2", 2000),
            ("discord", #"{"retry_after":1e300}"#, nil, 86_400_000), ("discord", #"{"retry_after":-1}"#, nil, 0),
            ("telegram", #"{"ok":false,"parameters":{"retry_after":30}}"#, nil, 30_000),
            ("zulip", #"{"retry-after":28.7}"#, nil, 28_700), ("matrix", #"{"retry_after_ms":3871}"#, "4", 4000),
            ("matrix", #"{"retry_after_ms":3871}"#, nil, 3871), ("matrix", #"{"retry_after_ms":9e18}"#, nil, nil),
            ("matrix", #"{"retry_after_ms":9000000000000000000}"#, nil, 86_400_000), ("teams", "", "30", 30_000),
        ] as [(String, String, String?, Int?)])
    func waits(_ id: String, _ body: String, _ header: String?, _ milliseconds: Int?) throws {
        let kind = try #require(ChannelCatalogue.standard().kind(id))
        let answer = Answer(
            status: 429, headers: header.map { [.init("Retry-After", $0)] } ?? [], body: Array(body.utf8),
            at: Samples.at)
        guard case .retry(_, let after) = kind.verdict(on: answer) else {
            Issue.record("\(id) does not try again after 429.")
            return
        }
        #expect(after == milliseconds.map { .milliseconds($0) })
    }

    @Test func rocketChatTellsWhenItsLimitStartsAnew() {
        let reset = String((Samples.at.seconds + 30) * 1000)
        for (header, wait) in [(reset, Duration.seconds(30)), ("soon", nil), ("-5", nil)] as [(String, Duration?)] {
            let verdict = RocketChat().verdict(on: Samples.answer(429, "", ("x-ratelimit-reset", header)))
            guard case .retry(_, let after) = verdict, after == wait else {
                Issue.record("\(verdict)")
                continue
            }
        }
    }

    @Test func telegramSaysWhereTheGroupWent() {
        let body = #"{"ok":false,"parameters":{"migrate_to_chat_id":-1001234}}"#
        #expect(Telegram().verdict(on: Samples.answer(400, body)).finding?.text.contains("-1001234") == true)
    }

    private static func azure(_ code: String) -> String { #"{"error":{"code":"\#(code)","message":"m"}}"# }
    private static func google(_ code: Int, _ status: String) -> String {
        #"{"error":{"code":\#(code),"message":"m","status":"\#(status)"}}"#
    }
    private static func error(_ id: String) -> String { #"{"id":"\#(id)","message":"m","status_code":400}"# }
    private static func zulip(_ text: String) -> String { #"{"result":"error","msg":"\#(text)","code":"BAD_REQUEST"}"# }
    private static func sentence(_ text: String) -> String { #"{"ok":false,"error_code":1,"description":"\#(text)"}"# }
}

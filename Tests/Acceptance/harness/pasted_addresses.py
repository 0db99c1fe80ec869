"""What a person may paste as the address of a channel."""

SLACK = "https://hooks.slack.com/services/T0123456789/B0123456789/abcdefghijklmnopqrstuvwx"
TEAMS = "Power Automate / Workflows (for MSTeams)"

ADDRESSES = [
    (SLACK, "slack", "Slack"),
    ("slack://T0123456789/B0123456789/abcdefghijklmnopqrstuvwx", "slack", "Slack"),
    ("discord://417429632418316298/" + "d" * 68, "discord", "Discord"),
    ("gchat://AAAAbcd/AIzaSyExample/" + "g" * 43, "googlechat", "Google Chat"),
    ("mmosts://chat.example.org/" + "m" * 26, "mattermost", "Mattermost"),
    ("tgram://123456789:" + "t" * 35 + "/-1001234567890", "telegram", "Telegram"),
    ("rockets://38xQ9ZR6aqSR5aKry/" + "r" * 24 + "@chat.example.org", "rocketchat", "Rocket.Chat"),
    ("workflows://prod-12.westeurope.logic.azure.com:443/0123ab/" + "s" * 43, "teams", TEAMS),
    ("workflows://a.environment.api.powerplatform.com/0123ab/s1g?pa=yes&route=7", "teams", TEAMS),
    ("zulip://load-tests@acme/" + "z" * 32 + "/ops", "zulip", "Zulip"),
    ("zulip://load-tests-bot@chat.example.org/" + "z" * 32 + "/ops", "zulip", "Zulip"),
    ("matrixs://syt_abc@matrix.example.org/!room:example.org", "matrix", "Matrix"),
    ("matrix://syt_abc@matrix.example.org:8008/!room:example.org", "matrix", "Matrix"),
    ("ntfy://acme-load-tests", "ntfy", "ntfy"),
    ("ntfys://push.example.org/acme-load-tests", "ntfy", "ntfy"),
    ("pagerduty://R0123456789ABCDEF0123456789ABCDE@api0123456789", "pagerduty", "Pager Duty"),
    ("opsgenie://01234567-89ab-cdef-0123-456789abcdef", "opsgenie", "Opsgenie"),
]
"""With our kind and the service that Apprise names."""

OTHERS = [
    ("https://chat.example.org/v2/room/7/notification?auth_token=HipChatToken", "hipchat"),
    ("https://discord.com/api/webhooks/417429632418316298/" + "d" * 68, "discord"),
    ("https://ntfy.sh/acme-load-tests", "ntfy"),
    ("https://github.com/acme/shop.git", "github"),
    ("https://gitlab.com/acme/web/shop/-/pipelines", "gitlab"),
    ("https://acme.zulipchat.com/#narrow/channel/7-ops", "zulip"),
    ("https://matrix.to/#/!room:example.org?via=example.org", "matrix"),
    ("https://ci.example.org/hook?a=1", "webhook"),
]
"""What Apprise does not take, or reads otherwise."""

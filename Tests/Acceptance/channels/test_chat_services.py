"""Chat services: what each receives is judged by a library or a schema that somebody else wrote."""

import html.parser
import json
import re
from pathlib import Path
from urllib.parse import parse_qs

import apprise
import pytest
from adaptive_cards.card import AdaptiveCard
from adaptive_cards.validation import CardValidatorFactory
from google.apps import chat_v1
from jsonschema import Draft6Validator
from markdown_it import MarkdownIt

from harness.chat_services import SECRET, SERVICES, answer, hosts
from harness.client import expect
from harness.events import FINAL, TEST_EVENT, finished, hostile_name, started
from harness.tenant import Tenant
from harness.waiting import wait_until

KINDS = [each.kind for each in SERVICES]
CARD = Draft6Validator(json.loads((Path(__file__).parent.parent / "data" / "adaptive-card-1.5.0.json").read_text()))
LINK = "https://runs.example/{organization_id}/{load_test_run_id}"
MARKS = "<!here> @all @**all** <@U1> [t](http://evil.example) $$x$$ *b*"
EMOJI = "👩‍👩‍👧👍🏽🇩🇪e\u0301"
HOSTILE = [
    # What the API takes in the additional fields, and where each kind may cut.
    (MARKS, {"branch": MARKS * 3, "environment": MARKS, "repository": MARKS, "tags": [MARKS[:50]] * 20}),
    ("x" * 7 + EMOJI * 200, {"branch": EMOJI * 6, "environment": "é" * 50, "tags": [EMOJI[:9]] * 20}),
    ("``` ` ``\n> q\n# h\n1. l\n| a |\n---", {"branch": "a`b``c", "tags": ["`", "|", "\\"]}),
    ("שלום \u202e dlrow \u2066 & \u200f&lt;b&gt;", {"branch": "&amp;&lt;at&gt;"}),
    ("a link", {"run_url": "https://runs.example/@**all**/@*a*/#**g**/$$x$$/(a)[b](c)?a='&b=;//@here"}),
]
"""Names, and what goes beside them."""
NAMES = {"plain": "Checkout", "hostile": hostile_name(), "short": hostile_name()[:120]}


@pytest.fixture(scope="module")
def service(make_service, receiver):
    return make_service(RUNBELL_SERVICE_HOSTS=hosts(receiver.host)).start()


@pytest.fixture(scope="module")
def organization(service, receiver):
    """An organization with a channel of each kind, to which every kind of event was sent."""
    tenant = Tenant(service, receiver)
    tenant.link_runs(LINK)
    tenant.chat = {}
    for each in SERVICES:
        receiver.script(each.at(tenant.number), default=each.success)
        saved = expect(tenant.owner.post(f"{tenant.path}/channels", each.draft(receiver.url, tenant.number)), 201)
        tenant.chat[each.kind] = saved | {"at": each.at(tenant.number)}
    events = [TEST_EVENT] + [started(tenant.number, 1, name=name) for name in NAMES.values()]
    events += [finished(tenant.number, 1, status, name=NAMES["short"]) for status in FINAL]
    events.append(finished(tenant.number, 1, 12, name=NAMES["hostile"], status_text=NAMES["short"][:80]))
    events += [finished(tenant.number, 1, 12, name=name) | context for name, context in HOSTILE]
    tenant.accepted = [tenant.post(event)["id"] for event in events]
    return tenant


@pytest.fixture(params=KINDS)
def messages(request, organization):
    """What the service of a kind received: one request for each event."""
    channel = organization.chat[request.param]
    count = len(organization.accepted)
    return request.param, organization.receiver.wait_for(channel["at"], count, timeout=30)


def test_every_message_is_delivered_once(organization, messages):
    kind, arrivals = messages
    channel = organization.chat[kind]
    assert all(organization.settled(each, channel)["state"] == "delivered" for each in organization.accepted)
    assert len(arrivals) == len(organization.accepted)
    assert {arrival.method for arrival in arrivals} == {"POST"}


def check_teams(arrival):
    body = arrival.json
    assert len(arrival.body) <= 28 * 1024
    (attachment,) = body["attachments"]
    assert (body["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    card = dict(attachment["content"])
    assert "entities" not in card.pop("msteams")
    assert [error.message for error in CARD.iter_errors(card)] == []
    del card["$schema"]
    result = CardValidatorFactory.create_validator_microsoft_teams().validate(AdaptiveCard.model_validate(card))
    assert "Ok" in type(result).__name__ or result.is_ok(), result


def check_googlechat(arrival):
    assert len(arrival.body) <= 32_000
    message = chat_v1.types.Message.from_json(arrival.body.decode())
    assert message.cards_v2[0].card.header.title
    assert message.fallback_text
    assert not message.text
    # Its only markup is the color of the status.
    texts = re.findall(r'"text":"((?:[^"\\]|\\.)*)"', arrival.body.decode())
    own = re.compile(r'<font color=\\"#[0-9a-f]{6}\\"><b>|</b></font>|<\\?/b><\\?/font>')
    assert all("<" not in own.sub("", text) for text in texts), texts


def check_discord(arrival):
    body = arrival.json
    assert body["allowed_mentions"] == {"parse": []}
    (embed,) = body["embeds"]
    fields = embed.get("fields", [])
    texts = [embed["title"], embed["description"], embed.get("footer", {}).get("text", "")]
    texts += [text for field in fields for text in (field["name"], field["value"])]
    assert sum(len(text.encode("utf-16-le")) // 2 for text in texts) <= 6_000
    assert len(fields) <= 25
    assert all(literal(text) for text in texts if text)


def check_attachment(arrival):
    (attachment,) = arrival.json["attachments"]
    texts = [attachment["text"]] + [field["value"] for field in attachment.get("fields", [])]
    assert all(literal(text) for text in texts)


class Telegrams(html.parser.HTMLParser):
    """What Telegram reads of HTML: its tags, and the text between them."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.open, self.shown, self.bare, self.links = [], "", "", []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert tag in ("b", "code", "a"), tag
        self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.shown += data
        self.bare += "" if self.open else data


def check_telegram(arrival):
    body = arrival.json
    assert body["parse_mode"] == "HTML"
    read = Telegrams(body["text"])
    assert 1 <= len(read.shown.encode("utf-16-le")) // 2 <= 4_096
    # Telegram looks for mentions, links and commands outside of code.
    assert not any(mark in read.bare for mark in "@#/<")
    assert all(link.startswith("https://runs.example/") for link in read.links)


def check_zulip(arrival):
    assert arrival.header("Authorization").startswith("Basic ")
    form = parse_qs(arrival.body.decode(), strict_parsing=True)
    assert form["type"] == ["stream"]
    assert form["to"] == ["load tests"]
    assert 1 <= len(form["topic"][0]) <= 60
    content = form["content"][0]
    assert len(content) <= 10_000
    lines = [line for line in content.split("\n") if not line.startswith("[Open run")]
    assert all(literal(line.removeprefix("* "), own={"strong_open", "strong_close"}) for line in lines)
    # Zulip looks for these before it looks for links (zerver/lib/mention.py), and for code before all.
    bare = re.sub(r"`[^`]+`", "", content)
    assert not re.search(r"(?<![^\s'\"({\[/<])@_?\*+[^*]+\*+|#\*\*|\$\$", bare), bare
    opened = re.findall(r"\[[^]]*\]\(([^)]*)\)", bare)
    assert all(link.startswith("https://runs.example/") for link in opened)


JUDGES = {
    "teams": check_teams,
    "discord": check_discord,
    "googlechat": check_googlechat,
    "mattermost": check_attachment,
    "rocketchat": check_attachment,
    "telegram": check_telegram,
    "zulip": check_zulip,
}


def literal(text: str, own: set[str] = frozenset()) -> bool:
    """Whether Markdown with links, tables and strikethrough reads it as one line of text or code."""
    (block, inline, *_) = MarkdownIt("gfm-like", {"html": True}).parse(text)
    kinds = {child.type for child in inline.children}
    return block.type == "paragraph_open" and kinds <= {"text", "text_special", "code_inline"} | own


def test_an_independent_judge_accepts_every_message(messages):
    kind, arrivals = messages
    for arrival in arrivals:
        JUDGES[kind](arrival)


def test_it_names_run_result_and_link(organization, messages):
    kind, arrivals = messages
    ended = [arrival.body.decode() for arrival in arrivals if "Failed" in arrival.body.decode()]
    assert ended
    for text in ended:
        assert "1001" in text
        # One event names its own address, not the organization's.
        assert f"{organization.number}" in text or "a link" in text.replace("%20", " ")
        assert "runs.example" in text


def test_the_hostile_name_pings_nobody(messages):
    _, arrivals = messages
    for arrival in arrivals:
        text = arrival.body.decode().replace("\\\\<", "").replace("%3C", "<").replace("%40", "@")
        for forbidden in ("<!channel", "<!here", "<@U1", "<users/all", "<at>", "\u202e", "\\u0000"):
            assert forbidden not in text, f"{forbidden} stands in {text[:300]}"


def test_nobody_sees_the_secret(organization, service):
    for channel in organization.chat.values():
        shown = json.dumps(organization.shown(channel))
        preview = organization.owner.get(f"{organization.path}/channels/{channel['id']}/preview").text
        attempts = json.dumps(organization.deliveries(channel))
        for text in (shown, preview, attempts, service.log):
            assert SECRET[:20] not in text


DEAD = {
    "teams": answer(400, {"error": {"code": "WorkflowTriggerIsNotEnabled", "message": "off"}}),
    "discord": answer(404, {"message": "Unknown Webhook", "code": 10015}),
    "googlechat": answer(403, {"error": {"code": 403, "status": "PERMISSION_DENIED"}}),
    "mattermost": answer(400, {"id": "web.incoming_webhook.invalid.app_error", "message": "x", "status_code": 400}),
    "rocketchat": answer(400, {"success": False, "error": "invalid-channel"}),
    "telegram": answer(403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}),
    "zulip": answer(400, {"result": "error", "code": "STREAM_DOES_NOT_EXIST", "msg": "x"}),
}
BUSY = {
    "teams": answer(429, {"error": {"code": "TooManyRequests"}}, ("Retry-After", "6")),
    "discord": answer(429, {"message": "limited", "retry_after": 6.1, "global": False}),
    "googlechat": answer(429, {"error": {"code": 429, "status": "RESOURCE_EXHAUSTED"}}, ("Retry-After", "6")),
    "mattermost": answer(429, {"message": "limit exceeded"}, ("Retry-After", "6")),
    "rocketchat": answer(429, {"success": False, "error": "error-too-many-requests"}, ("Retry-After", "6")),
    "telegram": answer(429, {"ok": False, "error_code": 429, "parameters": {"retry_after": 6}}),
    "zulip": answer(429, {"result": "error", "code": "RATE_LIMIT_HIT", "retry-after": 6.1}),
}


def test_a_busy_service_is_left_alone_and_a_dead_address_disables_the_channel(organization, messages):
    """All kinds wait at the same time: the first one's wait covers the others'."""
    tenant = organization
    if not hasattr(tenant, "second"):
        before = {kind: len(tenant.receiver.arrivals(tenant.chat[kind]["at"])) for kind in KINDS}
        for kind in KINDS:
            tenant.receiver.script(tenant.chat[kind]["at"], BUSY[kind], DEAD[kind])
        tenant.second = (tenant.post(started(tenant.number, 2))["id"], before)
    event, before = tenant.second
    kind, _ = messages
    channel = tenant.chat[kind]
    arrivals = tenant.receiver.wait_for(channel["at"], before[kind] + 2, timeout=30)[before[kind] :]
    assert arrivals[1].at - arrivals[0].at >= 5.9
    assert tenant.settled(event, channel)["state"] == "failed"
    wait_until(lambda: tenant.shown(channel)["enabled"] is False, 5)
    assert tenant.disabling(channel)["actor"] == "system"


ADDRESSES = [
    (
        "teams",
        "https://prod-12.westeurope.logic.azure.com:443/workflows/0123ab/triggers/manual/paths/invoke?sig=a1b2c3",
    ),
    ("discord", "https://discord.com/api/webhooks/417429632418316298/" + "a" * 68),
    ("googlechat", "https://chat.googleapis.com/v1/spaces/AAAAbcd/messages?key=k&token=t%3D"),
]
APPRISE = {"teams": "workflows", "discord": "discord", "googlechat": "gchat"}


@pytest.mark.parametrize(("kind", "address"), ADDRESSES, ids=[kind for kind, _ in ADDRESSES])
def test_apprise_takes_the_same_addresses(organization, kind, address):
    draft = {"kind": kind, "name": "pasted", "settings": {"url": address}, "enabled": False}
    expect(organization.owner.post(f"{organization.path}/channels", draft), 201)
    found = apprise.Apprise.instantiate(address)
    assert found is not None
    names = found.secure_protocol
    assert APPRISE[kind] in ([names] if isinstance(names, str) else names)

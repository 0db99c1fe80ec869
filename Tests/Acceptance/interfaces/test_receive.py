"""`runbell receive` plays the services: clients that others wrote are content with it, and so is the service itself."""

import asyncio
import smtplib
import subprocess
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import apprise
import pytest
import requests
import telegram
from discord_webhook import DiscordWebhook
from hypchat import HypChat
from slack_sdk.webhook import WebhookClient

from harness.client import expect
from harness.events import started
from harness.mail_channel import decide, link_in, mail_channel, press_test_hook, settings_for
from harness.receiving import Receiving
from harness.service import binary
from harness.tenant import Tenant

TOKEN = "123456789:AAExampleExampleExampleExampleExample"
MATTERMOST = "a" * 26


@pytest.fixture
def everybody():
    """One receiver for all kinds, which tells them by the path."""
    receiving = Receiving()
    yield receiving
    receiving.stop()


@pytest.fixture
def only():
    """Starts receivers of one kind, with a failure."""
    started = []

    def start(*options: str) -> Receiving:
        started.append(Receiving(*options))
        return started[-1]

    yield start
    for each in started:
        each.stop()


def test_slack_sdk(everybody, only):
    answer = WebhookClient(f"{everybody.url}/services/T0/B0/x").send(text="hello")
    assert (answer.status_code, answer.body) == (200, "ok")
    assert everybody.arrival()["service"] == "slack"
    answer = WebhookClient(only("--kind", "slack", "--fail", "gone").url).send(text="hello")
    assert (answer.status_code, answer.body) == (404, "no_service")


def test_hypchat(everybody):
    server = HypChat("token", endpoint=everybody.url)
    server._requests.post(f"{everybody.url}/v2/room/7/notification", data={"message": "hello"})
    assert everybody.arrival()["service"] == "hipchat"


def test_discord_webhook(everybody, only):
    hook = f"{everybody.url}/api/webhooks/1/x"
    assert DiscordWebhook(url=hook, content="hello").execute().status_code in (200, 204)
    assert everybody.arrival()["service"] == "discord"
    refused = DiscordWebhook(url=hook, content="x" * 2_001).execute()
    assert (refused.status_code, refused.json()["code"]) == (400, 50035)
    everybody.arrival()
    gone = DiscordWebhook(url=only("--kind", "discord", "--fail", "gone").url, content="hello").execute()
    assert (gone.status_code, gone.json()["code"]) == (404, 10015)


def test_python_telegram_bot(everybody, only):
    def send(url: str) -> telegram.Message:
        bot = telegram.Bot(TOKEN, base_url=f"{url}/bot")
        message = bot.send_message(chat_id=-100123, text="<b>hello</b>", parse_mode="HTML")
        # In a thread of its own: a browser's test may have left this one with an event loop.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, message).result()

    assert send(everybody.url).message_id >= 1
    assert everybody.arrival()["service"] == "telegram"
    with pytest.raises(telegram.error.RetryAfter):
        send(only("--kind", "telegram", "--fail", "rate-limited").url)
    with pytest.raises(telegram.error.Forbidden):
        send(only("--kind", "telegram", "--fail", "gone").url)
    with pytest.raises(telegram.error.BadRequest):
        send(only("--kind", "telegram", "--fail", "rejected").url)


def test_apprise(everybody):
    for address, kind in [
        (f"mmost://{everybody.host}/{MATTERMOST}", "mattermost"),
        (f"rocket://38xQ9ZR6aqSR5aKry/{'r' * 24}@{everybody.host}/", "rocketchat"),
    ]:
        sender = apprise.Apprise.instantiate(address)
        assert sender.notify(body="hello")
        assert everybody.arrival()["service"] == kind


KINDS = {
    "slack": "/services/T0/B0/secret",
    "hipchat": "/v2/room/7/notification?auth_token=secret",
    "webhook": "/hook",
    "teams": "/workflows/1/triggers/manual/paths/invoke?sig=secret",
    "discord": "/api/webhooks/1/secret",
    "googlechat": "/v1/spaces/A/messages?key=k&token=secret",
    "mattermost": "/hooks/" + MATTERMOST,
    "rocketchat": "/hooks/38xQ9ZR6aqSR5aKry/secret",
    "telegram": "",
    "zulip": "",
    "matrix": "",
}
MORE = {
    "telegram": {"token": TOKEN, "chat": "-100123"},
    "zulip": {"email": "bot@example.org", "api_key": "secret", "channel": "tests"},
    "matrix": {"access_token": "secret", "room": "!abc:example.org"},
}
OUTCOMES = {
    "pagerduty": {"routing_key": "R0123456789ABCDEF0123456789ABCDE"},
    "opsgenie": {"api_key": "01234567-89ab-cdef-0123-456789abcdef"},
    "ntfy": {"topic": "acme-load-tests"},
    "github": {"repository": "acme/shop", "token": "github_pat_try"},
    "gitlab": {"project": "acme/web/shop", "token": "glpat-try"},
}
"""Kinds for those who are called, and for commits. All but ntfy say nothing about a start without a commit."""


def tenant_of(make_service, receiving: Receiving) -> Tenant:
    """An organization of a service that takes the receiver for every service."""
    kinds = ("slack", "teams", "discord", "googlechat", "pagerduty", "opsgenie")
    hosts = ",".join(f"{kind}={receiving.host}" for kind in kinds)
    return Tenant(make_service(RUNBELL_SERVICE_HOSTS=hosts).start())


def test_every_kind_can_be_tried_offline(make_service, everybody):
    tenant = tenant_of(make_service, everybody)
    for kind, path in (KINDS | dict.fromkeys(OUTCOMES, "")).items():
        settings = {"url": everybody.url + path} | (MORE | OUTCOMES).get(kind, {})
        draft = {"kind": kind, "name": kind, "settings": settings}
        report = expect(tenant.owner.post(f"{tenant.path}/channels/test", draft), 200)
        assert report["verdict"] == "delivered", report
        arrival = everybody.arrival()
        assert (arrival["service"], arrival["status"] // 100) == (kind, 2)


def test_no_service_gets_more_than_it_takes(make_service, only):
    """Each kind's own rate is below the limit that its stand-in enforces, and no kind waits for a slower one."""
    receiving = only()
    tenant = tenant_of(make_service, receiving)
    for kind, path in KINDS.items():
        settings = {"url": receiving.url + path}
        draft = {"kind": kind, "name": kind, "settings": settings | MORE.get(kind, {})}
        expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)
    events = [tenant.post(started(tenant.number, run))["id"] for run in range(5)]
    arrivals = [receiving.arrival() for _ in range(len(events) * len(KINDS))]
    counts = Counter(arrival["service"] for arrival in arrivals)
    assert counts == dict.fromkeys(KINDS, len(events))
    assert {arrival["status"] // 100 for arrival in arrivals} == {2}
    # Rocket.Chat takes ten messages per minute, so its last one is the last of all.
    assert arrivals[-1]["service"] == "rocketchat"


def test_email_can_be_tried_offline(make_service, only, runs):
    """With the link to confirm that the stand-in prints, and a recipient who asks for a refusal."""
    relay = only("--kind", "email")
    tenant = Tenant(make_service(**settings_for(relay.url)).start())
    channel = mail_channel(tenant, "ops@example.org", "gone@example.org")
    press_test_hook(tenant, channel)
    invitation = relay.arrival()
    assert invitation["recipients"] == ["ops@example.org"]
    assert decide(link_in(invitation["text"], tenant), "confirm").status_code == 200
    event = tenant.post(started(tenant.number, next(runs), name="Größe <b>"))["id"]
    assert tenant.settled(event, channel)["state"] == "delivered"
    arrival = relay.arrival()
    assert (arrival["service"], arrival["status"], arrival["again"]) == ("email", 250, False)
    assert "Größe <b>" in arrival["headers"]["subject"] and "Größe <b>" in arrival["text"]


@pytest.mark.parametrize(
    ("fail", "codes"),
    [("rate-limited", {451}), ("gone", {550}), ("rejected", {554}), ("broken", {451}), ("hang", set())],
)
def test_smtplib(only, fail, codes):
    relay = only("--kind", "email", "--fail", fail)
    host, _, port = relay.host.rpartition(":")
    mail = b"From: a@example.org\r\nDate: Thu, 1 Jan 1970 00:00:00 +0000\r\n\r\nhello\r\n"
    sender = smtplib.SMTP(host, int(port), timeout=0.5)
    with pytest.raises((smtplib.SMTPException, TimeoutError)) as error:
        sender.sendmail("a@example.org", ["b@example.org"], mail)
    refusals = getattr(error.value, "recipients", {})
    said = {code for code, _ in refusals.values()} or {getattr(error.value, "smtp_code", None)} - {None, -1}
    assert said == codes, error.value
    sender.close()


def test_hanging(only):
    """No answer, and the receiver still ends at once when asked to."""
    with pytest.raises(requests.Timeout):
        requests.post(only("--kind", "teams", "--fail", "hang").url, json={}, timeout=0.5)


def test_an_unknown_kind_or_failure_is_refused():
    for options in (
        ["--kind", "pigeon"],
        ["--fail", "somehow"],
        ["--fail", "gone", "--status", "500"],
        ["--kind", "email", "--status", "500"],
    ):
        command = [str(binary()), "receive", *options]
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        assert result.returncode == 64, result

"""The end of a run answers or replaces the message about its start, by the id in the service's answer: what is sent is
judged by the services' own clients, and `runbell receive` by the same ones."""

import asyncio
import inspect
import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import telegram
from discord_webhook import DiscordWebhook
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.models.blocks import Block

from harness.answer import Answer
from harness.chat_services import answer
from harness.client import expect
from harness.events import finished, started
from harness.receiving import Receiving
from harness.tenant import Tenant

TELEGRAM = "123456789:AAExampleExampleExampleExampleExample"
SLACK = "xoxb-0123456789-CanaryCanaryCanary"


@pytest.fixture(scope="module")
def playing():
    """Plays all services; module-wide, so that one service can be started for it."""
    receiving = Receiving()
    yield receiving
    receiving.stop()


@pytest.fixture(scope="module")
def service(make_service, receiver, playing):
    hosts = ",".join(f"{kind}={host}" for kind in ("slack", "discord") for host in (receiver.host, playing.host))
    return make_service(RUNBELL_SERVICE_HOSTS=hosts).start()


def channel(tenant: Tenant, kind: str, settings: dict) -> dict:
    draft = {"kind": kind, "name": kind, "settings": settings, "max_per_minute": 6000}
    return expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)


def run_of(tenant: Tenant, number: int, where: dict) -> list[dict]:
    """The deliveries of a run's start and end, once they have arrived."""
    return [
        tenant.settled(tenant.post(event)["id"], where, timeout=30)
        for event in (started(tenant.number, number), finished(tenant.number, number, 12))
    ]


def takes(method, body: dict) -> bool:
    """Whether a method of a service's client has all these parameters."""
    return set(body) <= set(inspect.signature(method).parameters)


# What Runbell sends


@pytest.mark.parametrize("how", ["threads", "replace"])
def test_slack_by_a_bot(tenant, playing, runs, how):
    settings = {"url": f"{playing.url}/api", "token": SLACK, "channel": "#load-tests", how: True}
    where = channel(tenant, "slack", settings)
    assert [each["state"] for each in run_of(tenant, next(runs), where)] == ["delivered"] * 2
    begun, ended = playing.arrival(), playing.arrival()
    assert begun["path"] == "/api/chat.postMessage"
    assert begun["headers"]["authorization"] == f"Bearer {SLACK}"
    assert takes(WebClient.chat_postMessage, begun["body"])
    assert begun["body"]["channel"] == "#load-tests"
    if how == "threads":
        assert ended["path"] == "/api/chat.postMessage"
        assert re.fullmatch(r"\d+\.\d{6}", ended["body"]["thread_ts"])
        assert takes(WebClient.chat_postMessage, ended["body"])
    else:
        assert ended["path"] == "/api/chat.update"
        assert (ended["body"]["channel"], ended["body"]["parse"]) == ("C0123456789", "none")
        assert takes(WebClient.chat_update, ended["body"])
    for block in Block.parse_all(ended["body"]["attachments"][0]["blocks"]):
        block.validate_json()
    shown = json.dumps(tenant.shown(where)) + json.dumps(tenant.deliveries(where))
    assert "Canary" not in shown


@pytest.mark.parametrize("how", ["threads", "replace"])
def test_telegram(tenant, playing, runs, how):
    settings = {"url": playing.url, "token": TELEGRAM, "chat": "-100123", how: True}
    where = channel(tenant, "telegram", settings)
    assert [each["state"] for each in run_of(tenant, next(runs), where)] == ["delivered"] * 2
    begun, ended = playing.arrival(), playing.arrival()
    assert begun["path"].endswith("/sendMessage")
    assert takes(telegram.Bot.send_message, begun["body"])
    if how == "threads":
        assert ended["path"].endswith("/sendMessage")
        reply = telegram.ReplyParameters(**ended["body"]["reply_parameters"])
        assert reply.message_id > 0
        assert reply.allow_sending_without_reply
        assert takes(telegram.Bot.send_message, ended["body"])
    else:
        assert ended["path"].endswith("/editMessageText")
        assert takes(telegram.Bot.edit_message_text, ended["body"])


def test_discord(tenant, playing, runs):
    where = channel(tenant, "discord", {"url": f"{playing.url}/api/webhooks/1/secret?thread_id=5", "replace": True})
    assert [each["state"] for each in run_of(tenant, next(runs), where)] == ["delivered"] * 2
    begun, ended = playing.arrival(), playing.arrival()
    assert (begun["method"], begun["path"]) == ("POST", "/api/webhooks/1/secret")
    assert ended["method"] == "PATCH"
    assert re.fullmatch(r"/api/webhooks/1/secret/messages/\d{19}", ended["path"])
    assert "failed a threshold" in json.dumps(ended["body"])


def test_without_the_setting_every_message_stands_alone(tenant, playing, runs):
    where = channel(tenant, "discord", {"url": f"{playing.url}/api/webhooks/2/secret"})
    run_of(tenant, next(runs), where)
    assert [playing.arrival()["method"] for _ in range(2)] == ["POST", "POST"]


def test_what_a_service_no_longer_has_is_sent_on_its_own(tenant, receiver, service, runs):
    """The message about the start was deleted at Discord meanwhile; its id is 4 KiB behind the answer's beginning."""
    path = f"/api/webhooks/{tenant.number}/secret"
    message = f"{tenant.number}000000000000"
    long = {"type": 0, "content": "x" * 6_000, "id": message}
    receiver.script(path, answer(200, long), default=Answer(204))
    gone = answer(404, {"message": "Unknown Message", "code": 10008})
    receiver.script(f"{path}/messages/{message}", default=gone)
    where = channel(tenant, "discord", {"url": receiver.url + path, "replace": True})
    begun, ended = run_of(tenant, next(runs), where)
    assert (begun["state"], ended["state"]) == ("delivered", "delivered")
    assert "2nd attempt" in ended["text"]
    assert len(receiver.arrivals(f"{path}/messages/{message}")) == 1
    alone = receiver.arrivals(path)[1]
    assert "failed a threshold" in alone.body.decode()
    assert "wait" not in alone.target
    delivery = expect(tenant.owner.get(f"{tenant.path}/deliveries/{ended['delivery_id']}"), 200)
    assert [attempt["verdict"] for attempt in delivery["attempts"]] == ["retry", "delivered"]
    assert delivery["attempts"][0]["finding"]["code"] == "started_message_gone"
    # The channel is as healthy as before.
    assert tenant.shown(where)["enabled"] is True


def test_an_id_is_kept_unreadable_and_shown_to_nobody(tenant, receiver, service, runs, rows):
    path = f"/api/webhooks/{tenant.number}/secret"
    message = f"{tenant.number}777777777777"
    receiver.script(path, default=answer(200, {"id": message}))
    where = channel(tenant, "discord", {"url": receiver.url + path, "replace": True})
    accepted = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(accepted["id"], where)["state"] == "delivered"
    # Whatever else the file has kept.
    last = "SELECT message FROM deliveries WHERE message IS NOT NULL ORDER BY created_at DESC LIMIT 1"
    kept = rows(service).ask(last)
    assert kept
    assert message not in kept
    assert message.encode().hex() not in kept
    shown = json.dumps(tenant.deliveries(where)) + json.dumps(tenant.outcomes(accepted["id"]))
    assert message not in shown


# What `runbell receive` answers


@pytest.fixture
def only():
    """Starts receivers of their own."""
    all_of_them = []

    def start(*options: str) -> Receiving:
        all_of_them.append(Receiving(*options))
        return all_of_them[-1]

    yield start
    for each in all_of_them:
        each.stop()


def test_slack_sdk_is_content_with_the_stand_in(only):
    client = WebClient(SLACK, base_url=f"{only().url}/api/")
    sent = client.chat_postMessage(channel="C0123456789", text="hello")
    assert sent["ok"]
    assert client.chat_postMessage(channel="C0123456789", text="more", thread_ts=sent["ts"])["ok"]
    changed = client.chat_update(channel=sent["channel"], ts=sent["ts"], text="changed")
    assert changed["ts"] == sent["ts"]
    for call, word in [
        (lambda: client.chat_update(channel="C0123456789", ts="1.000001", text="x"), "message_not_found"),
        (lambda: client.chat_postMessage(channel="C0123456789", thread_ts="1.000001", text="x"), "thread_not_found"),
        (
            lambda: WebClient("secret", base_url=client.base_url).chat_postMessage(channel="C1", text="x"),
            "invalid_auth",
        ),
    ]:
        with pytest.raises(SlackApiError) as error:
            call()
        assert error.value.response["error"] == word
    failing = WebClient(SLACK, base_url=f"{only('--kind', 'slack', '--fail', 'rate-limited').url}/api/")
    with pytest.raises(SlackApiError) as error:
        failing.chat_postMessage(channel="C0123456789", text="x")
    assert error.value.response.status_code == 429


def test_python_telegram_bot_is_content_with_the_stand_in(only):
    url = f"{only().url}/bot"

    def call(method, **parameters):
        # A bot's connections belong to one event loop.
        message = method(telegram.Bot(TELEGRAM, base_url=url), chat_id=-100123, text="<b>x</b>", **parameters)
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, message).result()

    bot = telegram.Bot
    sent = call(bot.send_message)
    reply = telegram.ReplyParameters(sent.message_id)
    assert call(bot.send_message, reply_parameters=reply).message_id > sent.message_id
    assert call(bot.edit_message_text, message_id=sent.message_id).message_id == sent.message_id
    lost = telegram.ReplyParameters(4711)
    with pytest.raises(telegram.error.BadRequest, match="(?i)message to edit not found"):
        call(bot.edit_message_text, message_id=4711)
    with pytest.raises(telegram.error.BadRequest, match="(?i)message to be replied not found"):
        call(bot.send_message, reply_parameters=lost)
    lenient = telegram.ReplyParameters(4711, allow_sending_without_reply=True)
    assert call(bot.send_message, reply_parameters=lenient)


def test_discord_webhook_is_content_with_the_stand_in(only):
    hook = DiscordWebhook(url=f"{only().url}/api/webhooks/1/x?wait=true", content="hello")
    sent = hook.execute().json()
    url = hook.url.partition("?")[0]
    change = DiscordWebhook(url=url, content="changed")
    change.id = sent["id"]
    assert change.edit().json()["id"] == sent["id"]
    change.id = "1300000000000000999"
    assert change.edit().json()["code"] == 10008

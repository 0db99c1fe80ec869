"""The web hook, compared byte for byte and header by header with what the original product documents."""

import json
import re
import time

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from harness.answer import OK, Answer
from harness.client import expect
from harness.events import FINAL, TEST_EVENT, UNDER_WAY, finished, hostile_name, started

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
REDIRECTS = (301, 302, 303, 307, 308)
TYPES = {
    "status": int,
    "status_text": str,
    "user_id": int,
    "name": str,
    "organization_id": int,
    "load_test_id": int,
    "load_test_run_id": int,
    "project_id": int,
    "event": str,
}


@pytest.fixture
def hook(tenant):
    return tenant.channel("webhook")


def arrived(tenant, hook, event: dict):
    """The one request that an event leads to."""
    tenant.post(event)
    (arrival,) = tenant.receiver.wait_for(hook["at"])
    return arrival


def compact(value) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize("status", UNDER_WAY)
def test_started_has_the_nine_keys_byte_for_byte(tenant, hook, runs, status):
    event = started(tenant.number, next(runs), status=status)
    arrival = arrived(tenant, hook, event)
    assert arrival.body == compact(event)
    assert {key: type(value) for key, value in arrival.json.items()} == TYPES


@pytest.mark.parametrize("status", FINAL)
def test_finished_has_the_nine_keys_byte_for_byte(tenant, hook, runs, status):
    event = finished(tenant.number, next(runs), status)
    arrival = arrived(tenant, hook, event)
    assert arrival.body == compact(event)
    assert list(arrival.json) == list(TYPES)


def test_a_status_text_left_out_is_filled_in(tenant, hook, runs):
    event = finished(tenant.number, next(runs), 12)
    del event["status_text"]
    assert arrived(tenant, hook, event).json["status_text"] == "Failed threshold"


def test_a_custom_status_text_is_sent_unchanged(tenant, hook, runs):
    event = finished(tenant.number, next(runs), 12, status_text="p95 > 800 ms")
    assert arrived(tenant, hook, event).json == event


def test_the_hostile_name_is_sent_unchanged(tenant, hook, runs):
    event = started(tenant.number, next(runs), name=hostile_name())
    assert arrived(tenant, hook, event).json == event


def test_integers_of_64_bits_stay_exact(tenant, hook):
    event = started(tenant.number, 2**63 - 1, load_test_id=2**53 + 1, project_id=-(2**63), user_id=0)
    arrival = arrived(tenant, hook, event)
    assert arrival.json == event
    assert b"9223372036854775807" in arrival.body


def test_the_test_event_has_one_key(tenant, hook):
    assert arrived(tenant, hook, TEST_EVENT).body == b'{"event":"test.notification_channel"}'


def test_the_test_hook_sends_the_test_event(tenant, hook):
    report = expect(tenant.owner.post(f"{tenant.path}/channels/{hook['id']}/test"), 200)
    (arrival,) = tenant.receiver.wait_for(hook["at"])
    assert arrival.body == b'{"event":"test.notification_channel"}'
    assert arrival.header("X-LoadImpact-Event") == "test.notification_channel"
    assert report["verdict"] == "delivered", report


def test_every_header_is_as_documented(tenant, hook, runs):
    arrival = arrived(tenant, hook, started(tenant.number, next(runs)))
    assert (arrival.method, arrival.target) == ("POST", hook["at"])
    assert UUID.fullmatch(arrival.header("X-LoadImpact-ID"))
    assert arrival.header("User-Agent").startswith("LoadImpactWebHook")
    expected = {
        "Host": tenant.receiver.host,
        "Content-Type": "application/json",
        "Content-Length": str(len(arrival.body)),
        "User-Agent": "LoadImpactWebHook/1.0",
        "X-LoadImpact-ID": arrival.header("X-LoadImpact-ID"),
        "X-LoadImpact-Event": "test.started",
        "X-LoadImpact-Attempt": "1",
        "webhook-id": arrival.header("X-LoadImpact-ID"),
        "webhook-timestamp": arrival.header("webhook-timestamp"),
        "webhook-signature": arrival.header("webhook-signature"),
    }
    found = {name.lower(): value for name, value in arrival.headers}
    wanted = {name.lower(): value for name, value in expected.items()}
    # A connection header says nothing about the hook itself.
    assert {name: value for name, value in found.items() if name != "connection"} == wanted
    spelled = [name for name, _ in arrival.headers if name.lower().startswith("x-loadimpact")]
    assert sorted(spelled) == ["X-LoadImpact-Attempt", "X-LoadImpact-Event", "X-LoadImpact-ID"]
    assert re.fullmatch(r"\d{10}", arrival.header("webhook-timestamp"))
    assert abs(int(arrival.header("webhook-timestamp")) - time.time()) < 60


def test_a_retry_keeps_the_id_and_follows_the_schedule(tenant, hook, runs):
    tenant.receiver.script(hook["at"], Answer(500, b"down"), default=OK)
    accepted = tenant.post(started(tenant.number, next(runs)))
    first, second = tenant.receiver.wait_for(hook["at"], 2)
    assert first.header("X-LoadImpact-ID") == second.header("X-LoadImpact-ID")
    assert first.header("webhook-id") == second.header("webhook-id")
    assert first.body == second.body
    assert [arrival.header("X-LoadImpact-Attempt") for arrival in (first, second)] == ["1", "2"]
    assert int(second.header("webhook-timestamp")) > int(first.header("webhook-timestamp"))
    assert 2.4 <= second.at - first.at <= 9, second.at - first.at
    outcome = tenant.settled(accepted["id"], hook)
    assert outcome["state"] == "delivered"


def test_deliveries_have_different_ids(tenant, hook, runs):
    second = tenant.channel("webhook", "second")
    for _ in range(3):
        tenant.post(started(tenant.number, next(runs)))
    arrivals = tenant.receiver.wait_for(hook["at"], 3) + tenant.receiver.wait_for(second["at"], 3)
    assert len({arrival.header("X-LoadImpact-ID") for arrival in arrivals}) == 6


@pytest.fixture
def secret(hook):
    """Shown once, when it was made."""
    return hook["signing_secret"]


def rotate(tenant, hook, overlap: int | None = None) -> dict:
    body = {} if overlap is None else {"overlap_hours": overlap}
    return expect(tenant.owner.post(f"{tenant.path}/channels/{hook['id']}/rotate-secret", body), 200)


def signed_headers(arrival) -> dict:
    return {name.lower(): value for name, value in arrival.headers if name.lower().startswith("webhook-")}


@pytest.mark.parametrize("make", [started, finished, None], ids=["started", "finished", "test event"])
def test_standardwebhooks_verifies(tenant, hook, secret, runs, make):
    event = make(tenant.number, next(runs), name=hostile_name()) if make else TEST_EVENT
    arrival = arrived(tenant, hook, event)
    Webhook(secret).verify(arrival.body, signed_headers(arrival))


def test_standardwebhooks_refuses_each_changed_byte(tenant, hook, secret, runs):
    arrival = arrived(tenant, hook, started(tenant.number, next(runs)))
    judge, headers = Webhook(secret), signed_headers(arrival)
    for position in range(len(arrival.body)):
        changed = bytearray(arrival.body)
        changed[position] ^= 1
        with pytest.raises(WebhookVerificationError):
            judge.verify(bytes(changed), headers)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_standardwebhooks_refuses_a_changed_header(tenant, hook, secret, runs, name):
    arrival = arrived(tenant, hook, started(tenant.number, next(runs)))
    headers = signed_headers(arrival)
    value = headers[name]
    headers[name] = value[:-1] + ("0" if value[-1] != "0" else "1")
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(arrival.body, headers)


def test_a_saved_secret_is_used_to_sign(tenant, runs):
    secret = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU="
    settings = tenant.hook("own secret") | {"signing_secret": secret}
    saved = expect(
        tenant.owner.post(f"{tenant.path}/channels", {"kind": "webhook", "name": "x", "settings": settings}), 201
    )
    assert secret not in json.dumps(tenant.shown(saved))
    tenant.post(started(tenant.number, next(runs)))
    (arrival,) = tenant.receiver.wait_for(f"/hook/{tenant.number}/ownsecret")
    Webhook(secret).verify(arrival.body, signed_headers(arrival))


def test_during_a_rotation_both_secrets_sign(tenant, hook, secret, runs):
    new = rotate(tenant, hook)["signing_secret"]
    assert new != secret
    arrival = arrived(tenant, hook, started(tenant.number, next(runs)))
    assert len(arrival.header("webhook-signature").split(" ")) == 2
    for each in (secret, new):
        Webhook(each).verify(arrival.body, signed_headers(arrival))


def test_after_a_rotation_without_overlap_only_the_new_secret_signs(tenant, hook, secret, runs):
    new = rotate(tenant, hook, overlap=0)["signing_secret"]
    arrival = arrived(tenant, hook, started(tenant.number, next(runs)))
    Webhook(new).verify(arrival.body, signed_headers(arrival))
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(arrival.body, signed_headers(arrival))


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_success(tenant, hook, runs, status):
    tenant.receiver.script(hook["at"], Answer(status))
    accepted = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(accepted["id"], hook)["state"] == "delivered"


def test_a_redirect_is_retried_and_never_followed(tenant, runs):
    elsewhere = f"/elsewhere/{tenant.number}"
    hooks = [tenant.channel("webhook", f"redirects{status}") for status in REDIRECTS]
    for hook, status in zip(hooks, REDIRECTS, strict=True):
        location = ("Location", tenant.receiver.url + elsewhere)
        tenant.receiver.script(hook["at"], Answer(status, b"", (location,)), default=OK)
    tenant.post(started(tenant.number, next(runs)))
    for hook in hooks:
        tenant.receiver.wait_for(hook["at"], 2)
    assert tenant.receiver.arrivals(elsewhere) == []


def test_gone_disables_the_channel_at_once(tenant, hook, runs):
    tenant.receiver.script(hook["at"], Answer(410, b"gone"))
    accepted = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(accepted["id"], hook)["state"] == "failed"
    assert tenant.shown(hook)["enabled"] is False
    assert tenant.disabling(hook)["actor"] == "system"
    later = tenant.post(started(tenant.number, next(runs)))
    assert later["deliveries"] == {"due": 0, "skipped": 1}
    assert tenant.outcome(later["id"], hook)["reason"] == "channel_disabled"

"""PagerDuty, Opsgenie and ntfy: incidents open and close; clients and schemas of others judge the bodies."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from opsgenie_sdk.models import CloseAlertPayload, CreateAlertPayload
from pagerduty import EventsApiV2Client

from harness.answer import Answer
from harness.client import expect
from harness.events import FINAL, TEST_EVENT, finished, hostile_name, started
from harness.tenant import Tenant

DATA = Path(__file__).parent.parent / "data"
PAGERDUTY = json.loads((DATA / "pagerduty-events-v2-openapi.json").read_text())
OPSGENIE = Draft202012Validator(json.loads((DATA / "opsgenie_create_alert.schema.json").read_text()))
KEY = "R0123456789ABCDEF0123456789ABCDE"
API_KEY = "01234567-89ab-cdef-0123-456789abcdef"
TOPIC = "acme-load-tests-8f3k2m"
LOAD_TEST = 1001
MARKS = "<!here> @everyone @**all** <@U1> <b>b</b> https://evil.example"
HOSTILE = {
    "branch": MARKS * 3,
    "environment": MARKS,
    "repository": MARKS,
    "tags": [MARKS[:50], "👩‍👩‍👧" * 2, "שלום"] * 6,
    "run_url": "https://runs.example/@here/(a)[b]?c=&d;",
}
"""What the API takes beside the name."""


def answer(status: int, body: dict) -> Answer:
    return Answer(status, json.dumps(body).encode(), (("Content-Type", "application/json"),))


@pytest.fixture(scope="module")
def service(make_service, receiver):
    hosts = f"pagerduty={receiver.host},opsgenie={receiver.host}"
    return make_service(RUNBELL_SERVICE_HOSTS=hosts).start()


@pytest.fixture(scope="module")
def organization(service, receiver):
    """A channel of each kind, to which every kind of event was sent: a start, a test, each end."""
    tenant = Tenant(service, receiver)
    tenant.link_runs("https://runs.example/{load_test_run_id}")
    receiver.script("/v2/enqueue", default=answer(202, {"status": "success", "dedup_key": "k"}))
    receiver.script("/v2/change/enqueue", default=answer(202, {"status": "success"}))
    taken = answer(202, {"result": "Request will be processed", "took": 0.1, "requestId": "r"})
    alias = f"/v2/alerts/runbell-{tenant.number}-{LOAD_TEST}/close"
    receiver.script("/v2/alerts", default=taken)
    receiver.script(alias, default=taken)
    receiver.script("/", default=answer(200, {"id": "x", "event": "message"}))
    settings = {
        "pagerduty": {"routing_key": KEY},
        "opsgenie": {"api_key": API_KEY},
        "ntfy": {"topic": TOPIC, "token": "tk_" + "k" * 29},
    }
    tenant.kinds = {}
    for kind, more in settings.items():
        draft = {"kind": kind, "name": kind, "settings": {"url": receiver.url} | more, "max_per_minute": 6000}
        tenant.kinds[kind] = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)
    run = 1
    tenant.start = tenant.post(started(tenant.number, run))["id"]
    tenant.test = tenant.post(TEST_EVENT)["id"]
    ends = [finished(tenant.number, run, status, name=hostile_name()) | HOSTILE for status in FINAL]
    tenant.ends = {end["status"]: tenant.post(end)["id"] for end in ends}
    tenant.closed = alias
    return tenant


def bodies(organization, path: str, count: int) -> list[dict]:
    return [arrival.json for arrival in organization.receiver.wait_for(path, count, timeout=30)]


def test_every_secret_stays_hidden(organization):
    for kind, channel in organization.kinds.items():
        shown = organization.owner.get(f"{organization.path}/channels/{channel['id']}").text
        preview = expect(
            organization.owner.post(
                f"{organization.path}/channels/preview",
                {"channel": channel["id"], "event": finished(organization.number, 1, 12)},
            ),
            200,
        )
        for secret in (KEY, API_KEY, TOPIC):
            assert secret not in shown, kind
            assert secret not in json.dumps(preview), kind


def test_a_start_says_nothing_to_those_who_are_paged(organization):
    for kind in ("pagerduty", "opsgenie"):
        outcome = organization.settled(organization.start, organization.kinds[kind])
        assert (outcome["state"], outcome["reason"]) == ("skipped", "nothing_to_say.outcome")
        assert "is told only that a run failed" in outcome["text"]
    assert organization.settled(organization.start, organization.kinds["ntfy"])["state"] == "delivered"


def judge_pagerduty(path: str, body: dict):
    schema = PAGERDUTY["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    errors = Draft202012Validator(schema | {"components": PAGERDUTY["components"]}).iter_errors(body)
    assert [error.message for error in errors] == []


def test_pagerduty_gets_incidents_and_their_end(organization):
    events = bodies(organization, "/v2/enqueue", len(FINAL))
    for body in events:
        judge_pagerduty("/enqueue", body)
        assert body["routing_key"] == KEY
        assert len(body["payload"]["summary"]) <= 1024
    assert {body["dedup_key"] for body in events} == {f"runbell-{organization.number}-{LOAD_TEST}"}
    actions = sorted(body["event_action"] for body in events)
    assert actions == ["resolve"] + ["trigger"] * (len(FINAL) - 1)
    (test,) = bodies(organization, "/v2/change/enqueue", 1)
    judge_pagerduty("/change/enqueue", test)


def test_pagerdutys_own_client_sends_the_same(organization, receiver):
    ours = next(body for body in bodies(organization, "/v2/enqueue", len(FINAL)) if body["event_action"] == "trigger")
    receiver.script("/judge/v2/enqueue", default=answer(202, {"status": "success", "dedup_key": "theirs"}))
    client = EventsApiV2Client(KEY)
    client._url = receiver.url + "/judge"  # its setter takes https only
    payload = ours["payload"]
    client.trigger(
        payload["summary"],
        payload["source"],
        dedup_key=ours["dedup_key"],
        severity=payload["severity"],
        custom_details=payload["custom_details"],
        links=ours["links"],
    )
    (theirs,) = bodies(organization, "/judge/v2/enqueue", 1)
    for key in ("routing_key", "event_action", "dedup_key", "links"):
        assert theirs[key] == ours[key]
    for key in ("summary", "source", "severity", "custom_details"):
        assert theirs["payload"][key] == payload[key]


def test_opsgenie_gets_alerts_and_their_end(organization):
    # All ends but one, and the test.
    alerts = organization.receiver.wait_for("/v2/alerts", len(FINAL), timeout=30)
    for arrival in alerts:
        assert arrival.header("Authorization") == f"GenieKey {API_KEY}"
        assert [error.message for error in OPSGENIE.iter_errors(arrival.json)] == []
        CreateAlertPayload(**arrival.json)
    aliases = [arrival.json["alias"] for arrival in alerts]
    assert aliases.count(f"runbell-{organization.number}-{LOAD_TEST}") == len(FINAL) - 1
    (closing,) = bodies(organization, organization.closed, 1)
    CloseAlertPayload(**closing)


def test_ntfy_gets_short_messages(organization):
    messages = [body for body in bodies(organization, "/", len(FINAL) + 2) if body.get("topic") == TOPIC]
    assert len(messages) == len(FINAL) + 2
    assert all(len(body["message"].encode()) <= 4096 and 1 <= body["priority"] <= 5 for body in messages)
    assert "@everyone" not in json.dumps(messages)


def test_what_users_wrote_mentions_and_links_nothing(organization):
    """These services pass texts on to chat services."""
    for path in ("/v2/enqueue", "/v2/alerts", organization.closed, "/"):
        for arrival in organization.receiver.arrivals(path):
            text = arrival.body.decode()
            for forbidden in ("<!", "<@", "<b>", "@everyone", "@**", "://evil"):
                assert forbidden not in text, text


def test_a_key_that_is_refused_disables_the_channel(service, receiver):
    tenant = Tenant(service, receiver)
    receiver.script("/v2/enqueue", answer(400, {"status": "invalid event", "errors": ["Invalid routing key"]}))
    draft = {"kind": "pagerduty", "name": "p", "settings": {"url": receiver.url, "routing_key": KEY}}
    channel = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)
    event = tenant.post(finished(tenant.number, 1, 12))
    assert tenant.settled(event["id"], channel)["state"] == "failed"
    shown = tenant.shown(channel)
    assert shown["state"] == "disabled"
    assert "integration key" in shown["disabled_reason"]

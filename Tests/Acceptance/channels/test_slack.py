"""Slack: its own SDK judges the bodies; each answer of its receiver has the effect that its documentation names."""

import json

import pytest
from slack_sdk.models.blocks import Block

from harness.events import FINAL, TEST_EVENT, UNDER_WAY, finished, hostile_name, started
from harness.slack_service import error, says
from harness.waiting import stays


@pytest.fixture
def slack(tenant):
    return tenant.channel("slack")


def arrived(tenant, slack, event: dict) -> dict:
    accepted = tenant.post(event)
    (arrival,) = tenant.receiver.wait_for(slack["at"])
    assert arrival.method == "POST"
    assert arrival.header("Content-Type").startswith("application/json")
    assert tenant.settled(accepted["id"], slack)["state"] == "delivered"
    return arrival.json


def blocks_of(body: dict) -> list[dict]:
    return [block for attachment in body["attachments"] for block in attachment["blocks"]]


def texts_of(value) -> list[str]:
    """Every text that a person would see, wherever it stands."""
    if isinstance(value, dict):
        return [
            text for key, item in value.items() if key not in ("type", "action_id", "url") for text in texts_of(item)
        ]
    if isinstance(value, list):
        return [text for item in value for text in texts_of(item)]
    return [value] if isinstance(value, str) else []


CASES = [(started, status) for status in UNDER_WAY] + [(finished, status) for status in FINAL]


@pytest.mark.parametrize("name", ["Checkout", hostile_name()], ids=["plain", "hostile"])
@pytest.mark.parametrize(("make", "status"), CASES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_slack_sdk_accepts_the_blocks(tenant, slack, runs, make, status, name):
    body = arrived(tenant, slack, make(tenant.number, next(runs), status=status, name=name))
    parsed = Block.parse_all(blocks_of(body))
    assert parsed
    assert None not in parsed
    for block in parsed:
        block.validate_json()
    assert error(body) is None
    assert body["text"]


def test_slack_sdk_accepts_the_test_event(tenant, slack):
    assert error(arrived(tenant, slack, TEST_EVENT)) is None


def test_it_names_run_result_project_and_user(tenant, slack, runs):
    run = next(runs)
    event = finished(tenant.number, run, 12, name="Checkout peak", project_id=99001, user_id=77002)
    shown = "\n".join(texts_of(arrived(tenant, slack, event)))
    for part in ("Checkout peak", "Failed threshold", str(run), "99001", "77002"):
        assert part in shown, f"{part} is not in {shown}"


def test_the_hostile_name_pings_nobody_and_links_nowhere(tenant, slack, runs):
    body = arrived(tenant, slack, started(tenant.number, next(runs), name=hostile_name()))
    assert "link_names" not in body
    assert body.get("parse") != "full"
    for text in texts_of(body):
        for forbidden in ("<!", "<@", "<#", "<b>", "<at>", "<users/all>", "\x00"):
            assert forbidden not in text, f"{forbidden} stands in {text[:300]}"
    assert len(body["text"]) <= 4_000
    assert len(json.dumps(body)) < 40_000


def test_the_run_is_linked_when_the_organization_has_a_link_template(tenant, slack, runs):
    tenant.link_runs("https://runs.example/{organization_id}/{load_test_run_id}")
    run = next(runs)
    body = arrived(tenant, slack, started(tenant.number, run))
    assert f"https://runs.example/{tenant.number}/{run}" in json.dumps(body, ensure_ascii=False)


COLORS = {2: "#1f6feb", 3: ("good", "#2eb67d"), 6: "warning", 8: "warning", 9: "danger", 11: "danger", 12: "danger"}


@pytest.mark.parametrize("status", sorted(COLORS))
def test_the_color_shows_the_result(tenant, slack, runs, status):
    make = started if status == 2 else finished
    body = arrived(tenant, slack, make(tenant.number, next(runs), status=status))
    assert body["attachments"][0]["color"] in COLORS[status]


GONE = [
    (400, "user_not_found"),
    (403, "action_prohibited"),
    (403, "invalid_token"),
    (404, "channel_not_found"),
    (404, "no_service"),
    (404, "no_active_hooks"),
    (410, "channel_is_archived"),
]


@pytest.mark.parametrize(("status", "word"), GONE)
def test_a_dead_address_disables_the_channel(tenant, slack, runs, status, word):
    tenant.receiver.script(slack["at"], says(status, word))
    accepted = tenant.post(started(tenant.number, next(runs)))
    outcome = tenant.settled(accepted["id"], slack)
    assert outcome["state"] == "failed"
    assert word in outcome["reason"]
    assert tenant.shown(slack)["enabled"] is False
    assert tenant.disabling(slack)["actor"] == "system"
    assert len(tenant.receiver.arrivals(slack["at"])) == 1


OURS = [
    (400, "invalid_blocks"),
    (400, "invalid_payload"),
    (400, "invalid_attachments"),
    (400, "no_text"),
    (418, "a word that nobody knows"),
    (200, "not ok"),
]


@pytest.mark.parametrize(("status", "word"), OURS)
def test_a_refused_body_fails_its_delivery_and_keeps_the_channel(tenant, slack, runs, status, word):
    tenant.receiver.script(slack["at"], says(status, word))
    accepted = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(accepted["id"], slack)["state"] == "failed"
    assert tenant.shown(slack)["enabled"] is True
    assert len(tenant.receiver.arrivals(slack["at"])) == 1
    again = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(again["id"], slack)["state"] == "delivered"


def test_a_rate_limit_is_retried_but_not_before_retry_after(tenant, slack, runs):
    tenant.receiver.script(slack["at"], says(429, "rate_limited", ("Retry-After", "9")))
    accepted = tenant.post(started(tenant.number, next(runs)))
    first, second = tenant.receiver.wait_for(slack["at"], 2, timeout=30)
    assert second.at - first.at >= 8.9
    assert tenant.settled(accepted["id"], slack)["state"] == "delivered"
    assert tenant.shown(slack)["enabled"] is True


def test_a_long_retry_after_is_respected(tenant, slack, runs):
    tenant.receiver.script(slack["at"], says(429, "rate_limited", ("Retry-After", "3600")))
    accepted = tenant.post(started(tenant.number, next(runs)))
    tenant.receiver.wait_for(slack["at"])
    assert tenant.seconds_until_due(accepted["id"], slack) > 3_500
    assert stays(lambda: len(tenant.receiver.arrivals(slack["at"])) == 1, 1)


def test_a_server_error_is_retried(tenant, runs):
    channels = [tenant.channel("slack", f"fails{status}") for status in (408, 500, 503)]
    for channel, status in zip(channels, (408, 500, 503), strict=True):
        tenant.receiver.script(channel["at"], says(status, "rollup_error"))
    accepted = tenant.post(started(tenant.number, next(runs)))
    for channel in channels:
        tenant.receiver.wait_for(channel["at"], 2)
        assert tenant.settled(accepted["id"], channel)["state"] == "delivered"

"""HipChat: the schema that was rebuilt from the real server's own complaints judges the bodies."""

import html
import json
import re

import pytest

from harness.events import FINAL, TEST_EVENT, UNDER_WAY, finished, hostile_name, started
from harness.hipchat_service import TOKEN, VALIDATOR, refusal, room_not_found, too_many, unauthorized
from harness.waiting import stays


@pytest.fixture
def room(tenant):
    return tenant.channel("hipchat")


def arrived(tenant, room, event: dict) -> dict:
    accepted = tenant.post(event)
    (arrival,) = tenant.receiver.wait_for(room["at"])
    assert arrival.method == "POST"
    assert arrival.header("Content-Type").startswith("application/json")
    assert TOKEN in arrival.target or arrival.header("Authorization") == f"Bearer {TOKEN}"
    assert tenant.settled(accepted["id"], room)["state"] == "delivered"
    return arrival.json


CASES = [(started, status) for status in UNDER_WAY] + [(finished, status) for status in FINAL]


@pytest.mark.parametrize("name", ["Checkout", hostile_name()], ids=["plain", "hostile"])
@pytest.mark.parametrize(("make", "status"), CASES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_the_schema_accepts_the_body(tenant, room, runs, make, status, name):
    body = arrived(tenant, room, make(tenant.number, next(runs), status=status, name=name))
    assert [error.message for error in VALIDATOR.iter_errors(body)] == []
    assert body["message_format"] == "html"


def test_the_schema_accepts_the_test_event(tenant, room):
    assert list(VALIDATOR.iter_errors(arrived(tenant, room, TEST_EVENT))) == []


def test_it_names_run_result_project_and_user(tenant, room, runs):
    run = next(runs)
    event = finished(tenant.number, run, 12, name="Checkout peak", project_id=99001, user_id=77002)
    body = arrived(tenant, room, event)
    shown = json.dumps(body, ensure_ascii=False)
    for part in ("Checkout peak", "Failed threshold", str(run), "99001", "77002"):
        assert part in shown, f"{part} is not in {shown}"
    assert "card" in body


TAG = re.compile(r"<[^>]*>")
ALLOWED = re.compile(r"</?(a|b|i|strong|em|br|code|pre|span)( href=\"https?://[^\"<>]*\")?/?>")


def test_the_hostile_name_is_shown_literally(tenant, room, runs):
    body = arrived(tenant, room, started(tenant.number, next(runs), name=hostile_name()))
    assert body["from"]
    assert len(body["from"]) <= 64
    for tag in TAG.findall(body["message"]):
        assert ALLOWED.fullmatch(tag), f"{tag} stands in {body['message'][:500]}"
    shown = html.unescape(TAG.sub("", body["message"]))
    assert "<!channel> @everyone @all @here <@U1> <users/all> <at>x</at>" in shown
    assert "evil.example" not in "".join(TAG.findall(body["message"]))


def test_the_run_is_linked_when_the_organization_has_a_link_template(tenant, room, runs):
    tenant.link_runs("https://runs.example/{organization_id}/{load_test_run_id}")
    run = next(runs)
    body = arrived(tenant, room, started(tenant.number, run))
    assert f'href="https://runs.example/{tenant.number}/{run}"' in body["message"]


COLORS = {2: "gray", 3: "green", 4: "yellow", 6: "yellow", 8: "yellow", 9: "red", 11: "red", 12: "red"}


@pytest.mark.parametrize("status", sorted(COLORS))
def test_the_color_shows_the_result(tenant, room, runs, status):
    make = started if status == 2 else finished
    body = arrived(tenant, room, make(tenant.number, next(runs), status=status))
    assert body["color"] == COLORS[status]


GONE = {
    "401 unauthorized": unauthorized(),
    "403 scope": refusal(403, "Forbidden", "This token lacks the scope send_notification"),
    "404 room": room_not_found(),
    "405 address": refusal(405, "Method Not Allowed", "Method not allowed"),
}


@pytest.mark.parametrize("answer", GONE.values(), ids=GONE)
def test_a_dead_room_or_token_disables_the_channel(tenant, room, runs, answer):
    tenant.receiver.script(room["at"], answer)
    accepted = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(accepted["id"], room)["state"] == "failed"
    assert tenant.shown(room)["enabled"] is False
    assert tenant.disabling(room)["actor"] == "system"
    assert len(tenant.receiver.arrivals(room["at"])) == 1


def test_a_refused_body_fails_its_delivery_and_keeps_the_channel(tenant, room, runs):
    tenant.receiver.script(room["at"], refusal(400, "Bad Request", "The value is too long"))
    accepted = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(accepted["id"], room)["state"] == "failed"
    assert tenant.shown(room)["enabled"] is True


def test_a_rate_limit_is_retried_but_not_before_the_reset(tenant, room, runs):
    tenant.receiver.script(room["at"], too_many(reset_in=11))
    accepted = tenant.post(started(tenant.number, next(runs)))
    first, second = tenant.receiver.wait_for(room["at"], 2, timeout=30)
    # The reset is named in whole seconds, so it may be up to one second nearer.
    assert second.at - first.at >= 9.5
    assert tenant.settled(accepted["id"], room)["state"] == "delivered"


def test_a_distant_reset_is_respected(tenant, room, runs):
    tenant.receiver.script(room["at"], too_many(reset_in=3600))
    accepted = tenant.post(started(tenant.number, next(runs)))
    tenant.receiver.wait_for(room["at"])
    assert tenant.seconds_until_due(accepted["id"], room) > 3_500
    assert stays(lambda: len(tenant.receiver.arrivals(room["at"])) == 1, 1)


def test_a_server_error_is_retried(tenant, room, runs):
    tenant.receiver.script(room["at"], refusal(503, "Service Unavailable", "Try later"))
    accepted = tenant.post(started(tenant.number, next(runs)))
    tenant.receiver.wait_for(room["at"], 2)
    assert tenant.settled(accepted["id"], room)["state"] == "delivered"

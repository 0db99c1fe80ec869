"""Matrix: a real homeserver takes the messages, discards what comes twice, and is left alone when it asks for it."""

import itertools
import time

import pytest
import requests

from harness.answer import Answer
from harness.client import expect
from harness.events import TEST_EVENT, finished, hostile_name, started
from harness.homeserver import NAME, Homeserver

pytest.importorskip("synapse", reason="there is no homeserver: matrix-synapse is not installed")


@pytest.fixture(scope="module")
def homeserver(tmp_path_factory):
    server = Homeserver(tmp_path_factory.mktemp("homeserver")).start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def accounts(homeserver):
    """Access tokens of new accounts."""
    return (homeserver.account(f"runbell{number}") for number in itertools.count(1))


@pytest.fixture
def room(tenant, homeserver, accounts):
    """A channel in a room of its own, by an account of its own: the limits are the account's."""
    token = next(accounts)
    room_id = homeserver.room(token)
    return matrix_channel(tenant, homeserver.url, token, room_id) | {"token": token, "room": room_id}


def matrix_channel(tenant, url: str, token: str, room: str, **more) -> dict:
    settings = {"url": url, "access_token": token, "room": room} | more
    draft = {"kind": "matrix", "name": "Room", "settings": settings, "max_per_minute": 6000}
    return expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)


def test_messages_arrive_as_notices_that_mention_nobody(tenant, homeserver, room, runs):
    tenant.link_runs("https://runs.example/{load_test_run_id}")
    run = next(runs)
    events = [started(tenant.number, run, name=hostile_name()), finished(tenant.number, run, 12), TEST_EVENT]
    accepted = [tenant.post(event) for event in events]
    assert all(tenant.settled(each["id"], room)["state"] == "delivered" for each in accepted)
    contents = [message["content"] for message in homeserver.messages(room["token"], room["room"])]
    assert len(contents) == 3
    for content in contents:
        assert content["msgtype"] == "m.notice"
        assert content["m.mentions"] == {}
        assert "@room" not in content["body"] + content["formatted_body"]
    ended = next(content for content in contents if "failed" in content["body"])
    assert f'<a href="https://runs.example/{run}">Open run {run}</a>' in ended["formatted_body"]


def passed_on(arrival, homeserver):
    headers = {"Authorization": arrival.header("Authorization"), "Content-Type": "application/json"}
    return requests.put(homeserver.url + arrival.target, data=arrival.body, headers=headers, timeout=10)


def test_an_attempt_whose_answer_was_lost_is_not_doubled(tenant, receiver, homeserver, accounts, runs):
    """A relay passes the first attempt on to the homeserver, and loses the answer."""
    token = next(accounts)
    room = homeserver.room(token)
    passed = []

    def relay(arrival):
        answer = passed_on(arrival, homeserver)
        passed.append((arrival.target, answer.json()))
        lost = len(passed) == 1
        return Answer(502, b"lost") if lost else Answer(answer.status_code, answer.content)

    receiver.serve("/_matrix/", relay)
    channel = matrix_channel(tenant, receiver.url, token, room)
    accepted = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(accepted["id"], channel)["state"] == "delivered"
    assert len(passed) == 2
    assert passed[0] == passed[1]
    assert len(homeserver.messages(token, room)) == 1


def run_of(tenant, run: int, channel: dict) -> list[dict]:
    """What becomes of a run's start and end."""
    events = [started(tenant.number, run), finished(tenant.number, run, 12)]
    return [tenant.settled(tenant.post(event)["id"], channel, timeout=30) for event in events]


@pytest.mark.parametrize(("how", "relation"), [("threads", "m.thread"), ("replace", "m.replace")])
def test_the_end_of_a_run_belongs_to_its_start(tenant, homeserver, accounts, runs, how, relation):
    """The homeserver itself says so, with the event of the start."""
    token = next(accounts)
    room = homeserver.room(token)
    channel = matrix_channel(tenant, homeserver.url, token, room, **{how: True})
    assert [each["state"] for each in run_of(tenant, next(runs), channel)] == ["delivered"] * 2
    begun, ended = homeserver.wait_for(token, room, 2)
    assert ended["content"]["m.relates_to"]["rel_type"] == relation
    assert ended["content"]["m.relates_to"]["event_id"] == begun["event_id"]
    shown = homeserver.ask(token, "GET", f"rooms/{room}/event/{begun['event_id']}")
    bundle = shown["unsigned"]["m.relations"][relation]
    if how == "threads":
        assert (bundle["count"], bundle["latest_event"]["event_id"]) == (1, ended["event_id"])
    else:
        assert bundle["event_id"] == ended["event_id"]
        assert "failed" in ended["content"]["m.new_content"]["body"]


def test_without_the_event_of_the_start_the_end_stands_alone(tenant, receiver, homeserver, accounts, runs):
    """A relay gives the start an ID that the homeserver does not know: it refuses the end with it, and not without."""
    token = next(accounts)
    room = homeserver.room(token)
    answers = []

    def relay(arrival):
        answer = passed_on(arrival, homeserver)
        answers.append((answer.status_code, answer.json().get("errcode")))
        body = b'{"event_id": "$nobody-knows-this-event"}' if len(answers) == 1 else answer.content
        return Answer(answer.status_code, body)

    receiver.serve("/_matrix/", relay)
    channel = matrix_channel(tenant, receiver.url, token, room, threads=True)
    assert [each["state"] for each in run_of(tenant, next(runs), channel)] == ["delivered"] * 2
    assert answers == [(200, None), (400, "M_UNKNOWN"), (200, None)]
    begun, ended = homeserver.wait_for(token, room, 2)
    assert "m.relates_to" not in ended["content"]
    assert "failed" in ended["content"]["body"]


def test_its_limit_is_obeyed(tenant, homeserver, room, runs):
    """Three messages at once are allowed; the fourth gets 429, waits as long as it says, and arrives."""
    begin = time.monotonic()
    accepted = [tenant.post(started(tenant.number, next(runs))) for _ in range(4)]
    states = [tenant.settled(each["id"], room, timeout=30)["state"] for each in accepted]
    assert states == ["delivered"] * 4
    assert len(homeserver.messages(room["token"], room["room"])) == 4
    assert time.monotonic() - begin >= 4
    attempts = sorted(delivery["attempt_count"] for delivery in tenant.deliveries(room))
    assert attempts == [1, 1, 1, 2]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"access_token": "syt_wrong_wrong_wrong"}, "matrix.unknown_token"),
        ({"room": f"!nowhere:{NAME}"}, "matrix.forbidden"),
    ],
)
def test_what_it_refuses_disables_the_channel(tenant, homeserver, room, runs, change, reason):
    settings = {"url": homeserver.url, "access_token": room["token"], "room": room["room"]} | change
    draft = {"kind": "matrix", "name": "Wrong", "settings": settings}
    wrong = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)
    accepted = tenant.post(started(tenant.number, next(runs)))
    assert tenant.settled(accepted["id"], wrong)["reason"] == reason
    assert tenant.shown(wrong)["enabled"] is False

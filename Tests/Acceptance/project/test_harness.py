"""The harness itself: its receivers, tried with clients that other people wrote, and its waiting."""

import json
import threading
import time

import hypchat
import hypchat.restobject
import pytest
import requests
from slack_sdk.models.blocks import HeaderBlock, SectionBlock
from slack_sdk.webhook import WebhookClient

from harness import hipchat_service, slack_service
from harness.answer import OK, Answer
from harness.events import HOSTILE_NAME
from harness.waiting import stays, wait_until


def test_a_request_is_recorded_unchanged(receiver):
    requests.post(receiver.url + "/raw?x=1", data=b'{"a":  1}\n', headers={"X-One": "1", "x-TWO": "2"})
    (arrival,) = receiver.arrivals("/raw")
    assert (arrival.method, arrival.target, arrival.body) == ("POST", "/raw?x=1", b'{"a":  1}\n')
    assert [pair for pair in arrival.headers if pair[0].lower() in ("x-one", "x-two")] == [
        ("X-One", "1"),
        ("x-TWO", "2"),
    ]


def test_scripted_answers_come_in_their_order_and_then_the_default(receiver):
    receiver.script("/script", Answer(500), Answer(429, b"slow", (("Retry-After", "7"),)), default=OK)
    answers = [requests.post(receiver.url + "/script", data=b"x") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 429, 200, 200]
    assert answers[1].headers["Retry-After"] == "7"


def test_several_hundred_requests_a_second(receiver):
    def send():
        with requests.Session() as session:
            for number in range(250):
                session.post(receiver.url + "/fast", data=str(number))

    begin = time.monotonic()
    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receiver.arrivals("/fast")) == 1000
    assert time.monotonic() - begin < 4


@pytest.fixture
def slack(receiver):
    receiver.script(slack_service.PATH + "x", default=slack_service.like_slack)
    return WebhookClient(receiver.url + slack_service.PATH + "x", retry_handlers=[])


def test_slack_accepts_what_its_own_sdk_sends(slack):
    answer = slack.send(
        text="Load test started", blocks=[HeaderBlock(text="Load test started"), SectionBlock(text="*x*")]
    )
    assert (answer.status_code, answer.body) == (200, "ok")


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"unfurl_links": False}, "no_text"),
        ({"text": "x", "blocks": []}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks"),
        (
            {"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]},
            "invalid_blocks",
        ),
        ({"attachments": [{"blocks": [{"type": "divider"}], "fallback": "x"}]}, "invalid_attachments"),
        ({"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_slack_refuses(slack, body, word):
    answer = slack.send_dict(body)
    assert (answer.status_code, answer.body) == (400, word)


def test_slack_refuses_text_that_is_not_json(receiver, slack):
    answer = requests.post(slack.url, data=b"{", headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.text) == (400, "invalid_payload")


@pytest.fixture
def room(receiver):
    """A room as hypchat sees it; the look-up of the room is left out, since there is only one."""
    receiver.script("/v2/room/7/notification", default=hipchat_service.like_hipchat)

    def with_token(token: str):
        client = hypchat.HypChat(token, endpoint=receiver.url)
        room = hypchat.restobject.Room({"id": 7, "links": {"self": receiver.url + "/v2/room/7"}})
        room._requests = client._requests
        return room

    return with_token


def test_hipchat_accepts_what_hypchat_sends(receiver, room):
    room(hipchat_service.TOKEN).notification("<b>Load test started</b>", color="green", notify=True, format="html")
    arrival = receiver.arrivals("/v2/room/7/notification")[-1]
    assert arrival.json["message"] == "<b>Load test started</b>"


def test_hipchat_refuses_a_wrong_token(room):
    with pytest.raises(hypchat.requests.HttpUnauthorized, match="Invalid OAuth session"):
        room("wrong").notification("x")


def test_hipchat_refuses_an_empty_text(room):
    with pytest.raises(hypchat.requests.HttpBadRequest):
        room(hipchat_service.TOKEN).notification("")


@pytest.mark.filterwarnings("ignore:HipChat has been rate limited")
def test_hypchat_waits_for_the_reset_that_the_rate_headers_name(receiver, room):
    receiver.script("/v2/room/7/notification", hipchat_service.too_many(reset_in=2))
    begin = time.monotonic()
    room(hipchat_service.TOKEN).notification("x")
    refused, taken = receiver.arrivals("/v2/room/7/notification")[-2:]
    assert refused.body == taken.body
    assert 0.5 < taken.at - begin < 3


def test_waiting_fails_with_an_explanation():
    with pytest.raises(AssertionError, match="the story"):
        wait_until(lambda: False, 0.05, lambda: "the story")
    assert not stays(lambda: False, 1)


def test_the_hostile_name_survives_json():
    assert json.loads(json.dumps(HOSTILE_NAME)) == HOSTILE_NAME

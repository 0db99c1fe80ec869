"""Messages of old CI jobs: HipChat's room notification, taken by Runbell itself and sent by a client of HipChat."""

import json

import pytest
import requests
from hypchat import HypChat
from hypchat.requests import HttpBadRequest, HttpUnauthorized
from hypchat.restobject import Room

from harness.client import expect
from harness.hipchat_service import VALIDATOR
from harness.tenant import Tenant
from harness.waiting import wait_until

HTML = '<b>Checkout</b> &gt; <a href="https://ci.example.org/job/12/">build 12</a> passed<br>in 3 min'
TEXT = "Checkout > build 12 (https://ci.example.org/job/12/) passed\nin 3 min"


def room_of(service, token: str, name="Build%20room") -> Room:
    """A room of hypchat's, without the look-up, which Runbell does not answer."""
    client = HypChat(token, endpoint=service.url)
    client._requests.trust_env = False
    room = Room({"id": 7, "name": "Build room", "links": {"self": f"{service.url}/v2/room/{name}"}})
    room._requests = client._requests
    return room


@pytest.fixture
def token(tenant) -> str:
    return tenant.scheduler.key


def newest(tenant) -> dict:
    return expect(tenant.owner.get(f"{tenant.path}/events?limit=1"), 200)["data"][0]


def test_hypchat_reaches_slack_and_the_web_hook(tenant, token):
    slack, hook, hipchat = (tenant.channel(kind) for kind in ("slack", "webhook", "hipchat"))
    room_of(tenant.service, token).notification(HTML, color="green", notify=True)
    event = newest(tenant)
    assert event["type"] == "message.posted"
    for channel in (slack, hook, hipchat):
        assert tenant.settled(event["id"], channel)["state"] == "delivered"

    (arrival,) = tenant.receiver.wait_for(slack["at"])
    (attachment,) = arrival.json["attachments"]
    blocks = {block["type"]: block for block in attachment["blocks"]}
    assert attachment["color"] == "good"
    assert blocks["section"]["text"] == {
        "type": "plain_text",
        "text": TEXT.replace(">", "&gt;"),
        "emoji": False,
    }
    assert blocks["actions"]["elements"][0]["url"] == "https://ci.example.org/job/12/"
    assert [field["text"] for field in blocks["section"]["fields"]] == ["Room\nBuild room"]

    (arrival,) = tenant.receiver.wait_for(hook["at"])
    assert arrival.header("X-LoadImpact-Event") == "message.posted"
    assert arrival.json == {
        "event": "message.posted",
        "organization_id": tenant.number,
        "room": "Build room",
        "from": None,
        "color": "green",
        "notify": True,
        "message": TEXT,
        "html": HTML,
        "link": "https://ci.example.org/job/12/",
    }

    (arrival,) = tenant.receiver.wait_for(hipchat["at"])
    assert list(VALIDATOR.iter_errors(arrival.json)) == []
    assert (arrival.json["message"], arrival.json["message_format"]) == (HTML, "html")


def test_hypchat_understands_the_refusals(tenant, token):
    with pytest.raises(HttpUnauthorized) as refused:
        room_of(tenant.service, "rb_" + "0" * 61).notification("x")
    assert json.loads(str(refused.value))["error"]["type"] == "Unauthorized"
    with pytest.raises(HttpBadRequest) as refused:
        room_of(tenant.service, token).notification("x" * 10_001)
    assert "message: " in json.loads(str(refused.value))["error"]["message"]


def test_markup_that_is_not_harmless_reaches_nobody(tenant, token):
    slack, hook, hipchat = (tenant.channel(kind) for kind in ("slack", "webhook", "hipchat"))
    html = '<script>steal()</script><b onclick="x">Failed</b> <img src="https://evil.example/x.png"> <!channel> @all'
    room_of(tenant.service, token).notification(html, color="red", format="html")
    bodies = {}
    for channel in (slack, hook, hipchat):
        assert tenant.settled(newest(tenant)["id"], channel)["state"] == "delivered"
        bodies[channel["kind"]] = tenant.receiver.wait_for(channel["at"])[0].json
    assert bodies["webhook"]["message"] == "Failed @all"
    assert bodies["webhook"]["html"] is None
    assert bodies["hipchat"]["message"] == "Failed @all"
    assert bodies["hipchat"]["message_format"] == "html"
    for body in bodies.values():
        for forbidden in ("steal", "onclick", "evil.example", "<!channel>"):
            assert forbidden not in json.dumps(body)


def test_the_line_of_a_build_script(tenant, token):
    """As projects had it in their build scripts."""
    hook = tenant.channel("webhook")
    url = f"{tenant.service.url}/v2/room/7/notification?auth_token={token}"
    body = json.dumps({"color": "red", "message": "Build failed", "notify": False, "message_format": "text"})
    for kind, text in (
        ("application/json", body),
        ("text/plain", "Build <12>\n"),
        ("text/html; charset=utf-8", "<p>Build &lt;12&gt;</p>"),
    ):
        session = requests.Session()
        session.trust_env = False
        answer = session.post(url, data=text.encode(), headers={"Content-Type": kind}, timeout=15)
        assert (answer.status_code, answer.content) == (204, b""), answer.text
    arrivals = tenant.receiver.wait_for(hook["at"], 3)
    assert [arrival.json["message"] for arrival in arrivals] == ["Build failed", "Build <12>", "Build <12>"]


def test_no_token_reaches_the_log_or_the_data(make_service, receiver):
    """Not even at the level debug, whatever becomes of the request."""
    service = make_service(RUNBELL_LOG_LEVEL="debug").start()
    tenant = Tenant(service, receiver)
    token, wrong = tenant.scheduler.key, "rb_" + "1" * 61
    path = "/v2/room/7/notification"
    session = requests.Session()
    session.trust_env = False
    for given, body, status in (
        (token, b'{"message": "x"}', 204),
        (token, b"{", 400),
        (tenant.owner.key, b'{"message": "x"}', 403),
        (wrong, b'{"message": "x"}', 401),
        (token + "&x=" + "y" * 2000, b"{}", 414),
    ):
        url = f"{service.url}{path}?auth_token={given}"
        answer = session.post(url, data=body, headers={"Content-Type": "application/json"}, timeout=15)
        assert answer.status_code == status, answer.text
        assert given[:64] not in answer.text
    answer = session.get(f"{service.url}{path}?auth_token={token}", timeout=15)
    assert answer.status_code == 405
    wait_until(lambda: "invalid key" in service.log, 5)
    for key in (token, tenant.owner.key, wrong):
        assert key not in service.log
        for file in service.data.rglob("*"):
            assert not file.is_file() or key.encode() not in file.read_bytes(), file

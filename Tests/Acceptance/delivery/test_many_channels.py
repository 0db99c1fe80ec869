"""Twenty channels of seventeen kinds in one organization, at the pace of their services. The same with a thousand runs,
in simulated time, is `ManyChannelsTests`."""

import re
import time
from collections import Counter

import pytest
import requests

from harness.client import expect
from harness.events import finished, started
from harness.limits import services
from harness.mail_relay import Relay
from harness.tenant import Tenant
from harness.waiting import wait_until

RUNS = 20
SECONDS = 40
"""For how long the receivers watch; the slowest services have not got everything by then."""
PUBLIC = "http://127.0.0.1:9"
CALM = ("pagerduty", "opsgenie")
"""They are told of failures and of the pass after one, and say why of everything else."""

KEY = "R0123456789ABCDEF0123456789ABCDE"
SERVERS = ("telegram", "zulip", "matrix", "pagerduty", "opsgenie", "ntfy", "github", "gitlab")
"""Their channels have the address of a server; the kind adds the path, which begins like this."""
PATHS = {
    "slack": "/services/T1/B1/secret",
    "hipchat": "/v2/room/7/notification",
    "webhook": "/hook/",
    "teams": "/workflows/1/triggers/manual/paths/invoke",
    "discord": "/api/webhooks/1/secret",
    "googlechat": "/v1/spaces/A/messages",
    "mattermost": "/hooks/" + "m" * 26,
    "rocketchat": "/hooks/38xQ9ZR6aqSR5aKry/secret",
    "telegram": "/bot123456789:",
    "zulip": "/api/v1/",
    "matrix": "/_matrix/",
    "pagerduty": "/v2/enqueue",
    "opsgenie": "/v2/alerts",
    "ntfy": "/",
    "github": "/repos/",
    "gitlab": "/api/v4/",
}
QUERIES = {"hipchat": "?auth_token=secret", "teams": "?sig=secret", "googlechat": "?key=k&token=secret"}
SETTINGS = {
    "telegram": {"token": "123456789:" + "t" * 35, "chat": "-1001234567890"},
    "zulip": {"email": "bot@example.org", "api_key": "secret", "channel": "load tests"},
    "matrix": {"access_token": "syt_secret", "room": "!abc:example.org"},
    "pagerduty": {"routing_key": KEY},
    "opsgenie": {"api_key": "01234567-89ab-cdef-0123-456789abcdef"},
    "ntfy": {"topic": "acme-load-tests-8f3k2m"},
    "github": {"repository": "acme/shop", "token": "ghp_secret"},
    "gitlab": {"project": "acme/shop", "token": "glpat-secret"},
}
AGAIN = ("slack", "discord", "webhook")
"""There are two channels of these."""


@pytest.fixture(scope="module")
def service(make_service, receiver, relay):
    own_hosts = ("slack", "teams", "discord", "googlechat", "pagerduty", "opsgenie")
    return make_service(
        RUNBELL_SERVICE_HOSTS=",".join(f"{kind}={receiver.host}" for kind in own_hosts),
        RUNBELL_SMTP_URL=f"smtp://{relay.address}",
        RUNBELL_SMTP_FROM="runbell@example.com",
        RUNBELL_PUBLIC_URL=PUBLIC,
    ).start()


def add(tenant: Tenant, kind: str, again: str = "") -> dict:
    url = tenant.receiver.url + ("" if kind in SERVERS else PATHS[kind] + again + QUERIES.get(kind, ""))
    draft = {"kind": kind, "name": kind + again, "settings": {"url": url} | SETTINGS.get(kind, {})}
    return expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)


def add_mail(tenant: Tenant, relay: Relay) -> dict:
    draft = {"kind": "email", "name": "email", "settings": {"recipients": "ops@example.org"}}
    channel = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)
    expect(tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/test"), 200)
    (invitation,) = relay.wait_for("ops@example.org")
    (link,) = re.findall(re.escape(PUBLIC) + r"/mail/\S+", invitation.text)
    address = link.replace(PUBLIC, tenant.service.url)
    headers = {"Sec-Fetch-Site": "same-origin"}
    assert requests.post(address, data={"decision": "confirm"}, headers=headers, timeout=15).status_code == 200
    return channel


@pytest.fixture(scope="module")
def crowd(service, receiver, relay):
    """An organization after so many runs and seconds."""
    tenant = Tenant(service, receiver)
    tenant.services = services()
    for kind in sorted(PATHS, key=lambda kind: -len(PATHS[kind])):
        receiver.serve(PATHS[kind], tenant.services[kind])
    tenant.channels = [add(tenant, kind) for kind in PATHS] + [add(tenant, kind, "2") for kind in AGAIN]
    tenant.channels.append(add_mail(tenant, relay))
    tenant.mailed_before = len(relay.mails)
    tenant.begun = time.monotonic()
    for run in range(RUNS):
        context = {"commit": f"{run:040x}", "repository": "acme/shop"}
        tenant.post(started(tenant.number, run) | context)
        tenant.post(finished(tenant.number, run, 12 if run % 2 else 3) | context)
    tenant.posted = time.monotonic()
    time.sleep(max(0, tenant.begun + SECONDS - time.monotonic()))
    return tenant


def states(tenant: Tenant, channel: dict) -> Counter:
    return Counter(delivery["state"] for delivery in tenant.deliveries(channel))


def test_no_service_gets_more_than_it_takes(crowd):
    assert {kind: service.refused for kind, service in crowd.services.items() if service.refused} == {}


def test_every_delivery_is_accounted_for(crowd):
    """Each is delivered, says why it is not sent, or waits for the service's pace."""
    assert len(crowd.channels) == 20 and len({channel["kind"] for channel in crowd.channels}) == 17
    for channel in crowd.channels:
        found = states(crowd, channel)
        assert sum(found.values()) == 2 * RUNS, (channel["name"], found)
        assert set(found) <= {"delivered", "due", "claimed", "skipped"}, (channel["name"], found)
        assert ("skipped" in found) == (channel["kind"] in CALM), (channel["name"], found)
    ledger = expect(crowd.owner.get(f"{crowd.path}/ledger?check=whole"), 200)
    assert ledger["balanced"], ledger
    assert ledger["expected"] == 2 * RUNS * len(crowd.channels)


def test_what_is_delivered_has_arrived_once(crowd, relay):
    """Counted at the receivers. What is waiting goes on arriving, so both sides are counted until they agree."""
    for kind, service in crowd.services.items():
        own = [channel for channel in crowd.channels if channel["kind"] == kind]

        def agrees(own=own, service=service) -> bool:
            return sum(states(crowd, channel)["delivered"] for channel in own) == len(service.arrivals)

        wait_until(agrees, 10, lambda kind=kind, service=service: f"{kind}: {len(service.arrivals)} arrived")
    (mail,) = [channel for channel in crowd.channels if channel["kind"] == "email"]
    wait_until(lambda: states(crowd, mail)["delivered"] == len(relay.mails) - crowd.mailed_before, 10)


LEAST = {
    # What each service allows in the time, less a few for the way.
    "slack": 2 * 36,
    "hipchat": 18,
    "webhook": 2 * 2 * RUNS,
    "teams": 36,
    "discord": 2 * 17,
    "googlechat": 30,
    "mattermost": 2 * RUNS,
    "rocketchat": 6,
    "telegram": 11,
    "zulip": 2 * RUNS,
    "matrix": 14,
    "pagerduty": RUNS - 1,
    "opsgenie": RUNS - 1,
    "ntfy": 35,
    "github": 38,
    "gitlab": 2 * RUNS,
}


def test_no_kind_waits_for_a_slower_one(crowd):
    """Each has got about as much as its service allows, and those without a limit all, soon after the last post."""
    got = {kind: sum(a.at - crowd.begun <= SECONDS for a in s.arrivals) for kind, s in crowd.services.items()}
    assert {kind: count for kind, count in got.items() if count < LEAST[kind]} == {}, got
    last = {kind: max(a.at for a in s.arrivals) - crowd.posted for kind, s in crowd.services.items()}
    for kind in ("webhook", "mattermost", "opsgenie", "gitlab"):
        assert last[kind] < 10, last


def test_a_run_starts_before_it_ends(crowd):
    """Where what arrives says which of the two it is."""
    for name in (PATHS["webhook"], PATHS["webhook"] + "2"):
        seen = [arrival.json for arrival in crowd.services["webhook"].arrivals if arrival.target == name]
        for run in range(RUNS):
            events = [body["event"] for body in seen if body["load_test_run_id"] == run]
            assert events == ["test.started", "test.finished"]
    for kind, first in (("github", "pending"), ("gitlab", "running")):
        arrivals = crowd.services[kind].arrivals
        runs = [
            [arrival.json["state"] for arrival in arrivals if arrival.path == commit]
            for commit in {arrival.path for arrival in arrivals}
        ]
        # A start whose turn comes when the run has ended says what the end says.
        assert all(first not in found[1:] for found in runs), runs
        assert any(found[0] == first and len(found) == 2 for found in runs), runs

"""The description at /openapi.json: it is OpenAPI 3.1, and the service does what it says."""

import re
import subprocess

import jsonschema
import pytest
import requests
from openapi_spec_validator import OpenAPIV31SpecValidator

from harness.chat_services import SERVICES, hosts
from harness.client import expect
from harness.events import finished
from harness.fuzzer import Fuzzer, closed, titles
from harness.own_network import own_network
from harness.permission_table import routes
from harness.service import binary
from harness.slack_service import says
from harness.tenant import OWNER, Tenant

ALL = (
    "Organizations",
    "Members",
    "Keys",
    "Login links",
    "Channel kinds",
    "Channels",
    "Testing",
    "Revisions and secrets",
    "Events",
    "Deliveries",
    "Ledger",
    "Replays",
    "Audit log",
    "Nodes",
    "Health",
)
CALLERS = {
    "owner": (10, ALL),
    "operator": (10, ("Organizations", "Keys", "Login links", "Ledger", "Audit log", "Nodes")),
    "scheduler": (15, ("Events",)),
}
"""How many random requests an operation gets, beside those for each single rule, and the tags of the operations."""


@pytest.fixture(scope="module", autouse=True)
def network():
    """Whether all this runs in a network that leads nowhere."""
    with own_network() as is_own:
        yield is_own


@pytest.fixture(scope="module")
def service(make_service, receiver):
    """With every route that there can be, and so many events that none is refused for their number."""
    settings = {"RUNBELL_METRICS": "true", "RUNBELL_EVENTS_PER_SECOND": "100000"}
    return make_service(RUNBELL_SERVICE_HOSTS=hosts(receiver.host), **settings).start()


@pytest.fixture(scope="module")
def description(service):
    return expect(service.client(None).get("/openapi.json"), 200)


@pytest.fixture(scope="module")
def subject(service, receiver):
    return Tenant(service, receiver)


@pytest.fixture(scope="module")
def known(subject, runs):
    """What random requests are given of the truth."""
    channel = subject.channel("webhook", "known")
    refusing = subject.channel("slack", "refusing")
    subject.receiver.script(refusing["at"], default=says(400, "invalid_blocks"))
    event = subject.post(finished(subject.number, next(runs)))["id"]
    assert subject.settled(event, refusing)["state"] == "failed"
    chat = {each.kind: each.draft(subject.receiver.url, subject.number) for each in SERVICES}
    channels = {kind: expect(subject.owner.post(f"{subject.path}/channels", chat[kind]), 201)["id"] for kind in chat}
    for _ in range(10):
        subject.post(finished(subject.number, next(runs)))
    for user in (50, 51):
        subject.add(user, "member")
    keys = [key["id"] for key in subject.owner.every(f"{subject.path}/keys")]
    return {
        "things": {
            "organization": subject.number,
            "user": 50,
            "channel": channel["id"],
            "revision": 1,
            "event": event,
            "delivery": subject.deliveries(refusing)[0]["id"],
        },
        "removable": {
            "organization": subject.number,
            "user": 51,
            "channel": subject.channel("webhook", "removable")["id"],
            "key": subject.user_key(51)["id"],
        },
        "movable": {
            "organization": subject.number,
            "channel": subject.channel("webhook", "movable")["id"],
        },
        "replays": {step: replay(subject, step) for step in ("show", "pause", "resume", "cancel")},
        "channels": channels | {kind: subject.channel(kind, "replaced")["id"] for kind in ("slack", "hipchat")},
        "spared": [OWNER, channel["id"], refusing["id"], *channels.values(), *keys],
        "urls": {kind: subject.draft(kind, "fuzzed")["settings"]["url"] for kind in ("webhook", "slack", "hipchat")}
        | {kind: chat[kind]["settings"]["url"] for kind in chat},
        "texts": {each.kind: dict(each.settings) for each in SERVICES},
        "event": finished(subject.number, next(runs)),
    }


def replay(subject, step: str) -> str:
    """One that can take that step: of events that an own channel never got, one a minute."""
    channel = subject.channel("webhook", f"replayed{step}")["id"]
    body = {"channel_id": channel, "since": "2020-01-01T00:00:00Z", "states": ["missing"], "per_minute": 1}
    found = expect(subject.owner.post(f"{subject.path}/replays", body), 202)["id"]
    if step == "resume":
        expect(subject.owner.post(f"{subject.path}/replays/{found}/pause"), 200)
    return found


@pytest.fixture(scope="module")
def fuzzer(service, description, known, network, tmp_path_factory):
    return Fuzzer(service.url, description, known, tmp_path_factory.mktemp("fuzzer"), may_send=network)


def test_the_description_is_valid_openapi(description):
    assert description["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(description).iter_errors()] == []


def test_its_version_is_the_programs(description):
    version = subprocess.run([str(binary()), "--version"], capture_output=True, text=True, check=True).stdout.strip()
    assert description["info"]["version"] == version


def test_every_operation_is_described(description):
    for title, operation in operations(description):
        assert operation.get("description", "").endswith("."), title


SHOWN = (
    "POST /v1/events",
    "POST /v1/events/batch",
    "POST /v1/organizations/{organization}/channels",
    "GET /v1/organizations/{organization}/channels/{channel}",
    "GET /v1/organizations/{organization}/deliveries/{delivery}",
    "GET /v1/organizations/{organization}/events/{event}",
)
"""The main operations, which have whole bodies as examples."""


def test_the_main_operations_have_examples(description):
    for title, operation in operations(description):
        if title in SHOWN:
            answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            bodies = [operation["requestBody"]] if title.startswith("POST") else []
            assert any("example" in content for content in contents(answers)), title
            assert all("example" in content for content in contents(bodies)), title


def test_every_example_fits_its_schema(description):
    strict = closed(description)
    places = [operation for _, operation in operations(strict)]
    bodies = [place["requestBody"] for place in places if "requestBody" in place]
    answers = [answer for place in places for answer in place["responses"].values()]
    shown = [
        content
        for content in contents([*bodies, *answers, *strict["components"]["responses"].values()])
        if "example" in content
    ]
    assert len(shown) > 20
    for content in shown:
        schema = {"components": strict["components"], **content["schema"]}
        jsonschema.Draft202012Validator(schema).validate(content["example"])


def operations(description: dict) -> list[tuple[str, dict]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def contents(places: list[dict]) -> list[dict]:
    return [content for place in places for content in place.get("content", {}).values()]


def test_it_has_every_request_of_the_permission_table(description):
    asked = {plain(route.title) for route in routes()}
    assert asked - set(map(plain, titles(description))) == set()


def test_the_permission_table_has_every_request_that_needs_a_key(description):
    asked = {plain(route.title) for route in routes()}
    needs_key = {
        plain(f"{method.upper()} {path}")
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") != []
    }
    assert len(needs_key) > 30
    assert needs_key - asked == set()


def plain(title: str) -> str:
    """Without the names of what stands in braces."""
    return re.sub(r"\{\w+\}|(?<=revisions/)1", "{}", title)


def test_every_tag_of_the_description_is_covered(description):
    assert {tag["name"] for tag in description["tags"]} == set(ALL)


@pytest.mark.timeout(960)
@pytest.mark.parametrize("caller", CALLERS)
def test_the_service_matches_its_description(caller, fuzzer, subject):
    client = subject.service.operator if caller == "operator" else getattr(subject, caller)
    examples, tags = CALLERS[caller]
    requests_made = fuzzer.run(client.key, examples, tags)
    print(f"{requests_made} requests")
    assert requests_made > 300


def test_random_requests_are_handled(fuzzer, description, network):
    """Requests that are all refused would tell little."""
    if not network:
        pytest.skip("Without a network of its own (that takes root) operations that send were left out.")
    assert titles(description) - fuzzer.taken() == set()


def test_the_network_of_the_fuzzer_has_no_way_out(network):
    if not network:
        pytest.skip("A network of its own takes root.")
    with pytest.raises(requests.ConnectionError):
        requests.get("http://192.0.2.1/", timeout=5)

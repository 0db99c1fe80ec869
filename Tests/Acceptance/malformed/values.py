"""Values that are JSON, but not what the field may hold: numbers, types, sizes."""

import json
import uuid

from .json_text import with_number
from .registry import case
from .target import NAME, NUMBER, Target

CHANNEL_NAME_BYTES = 200
EVENT_NAME_BYTES = 10_000


@case("bad-039")
def too_large_for_any_number(target: Target):
    for literal in ("1e400", "-1e400", "1e99999999999", "9" * 400):
        target.every_route_refuses(with_number(literal))


@case("bad-040")
def fraction_for_a_whole_number(target: Target):
    for literal in ("1.5", "0.1", "1e-1"):
        target.every_route_refuses(with_number(literal))


@case("bad-042", changes_state=True)
def minus_zero(target: Target):
    event = json.dumps(target.event()).replace(str(NUMBER), "-0").encode()
    answer = target.ask(target.tenant.scheduler, "POST", "/v1/events", event)
    assert answer.status_code in (202, 400), answer.text
    if answer.status_code == 202:
        shown = target.tenant.owner.get(f"{target.path}/events/{answer.json()['id']}")
        assert '"project_id":0' in shown.text.replace(" ", "")


@case("bad-043", changes_state=True)
def the_ends_of_64_bits(target: Target):
    for number in (2**63, -(2**63) - 1, 2**64, 10**30):
        target.every_route_refuses(with_number(str(number)))
    for number in (2**63 - 1, -(2**63), 2**53 + 1):
        accepted = target.tenant.post(target.event(project_id=number))
        shown = target.tenant.owner.get(f"{target.path}/events/{accepted['id']}")
        assert str(number) in shown.text


@case("bad-045")
def numbers_out_of_their_range(target: Target):
    owner = target.tenant.owner
    for limit in ("0", "-1", "251", "9" * 30, "1.5", "abc", "", "+5", "0x10", "１"):
        target.refused(target.ask(owner, "GET", f"{target.path}/channels?limit={limit}"))
    for status in (-2, 13, 99):
        target.refused(target.ask(target.tenant.scheduler, "POST", "/v1/events", target.event(status=status)))


@case("bad-046")
def wrong_types(target: Target):
    target.every_route_refuses(with_number('"1"'))
    target.every_route_refuses(with_number("true"))
    target.every_route_refuses(lambda text: text.replace(f'"{NAME}"', "5").encode())
    target.every_route_refuses(lambda text: text.replace(f'"{NAME}"', "[]").encode())
    for value in ("x", [], 5, True):
        target.refused(target.ask(target.tenant.owner, "POST", f"{target.path}/channels", target.draft(settings=value)))
        batch = {"events": value if value != [] else "x"}
        target.refused(target.ask(target.tenant.scheduler, "POST", "/v1/events/batch", batch))


@case("bad-048")
def null_for_what_is_required(target: Target):
    target.every_route_refuses(with_number("null"), routes=("events", "batch"))
    target.every_route_refuses(lambda text: text.replace(f'"{NAME}"', "null").encode())
    for key in ("kind", "name", "settings"):
        target.refused(target.ask(target.tenant.owner, "POST", f"{target.path}/channels", target.draft(**{key: None})))


@case("bad-049")
def no_booleans(target: Target):
    for value in ("true", 1, "yes", 0, []):
        target.refused(target.ask(target.tenant.owner, "POST", f"{target.path}/channels", target.draft(enabled=value)))


DATES = (
    "2026-02-30T00:00:00Z",
    "2027-01-01T24:00:00Z",
    "2027-01-01T00:00:60Z",
    "0000-01-01T00:00:00Z",
    "+010000-01-01T00:00:00Z",
    "2027-01-01T00:00:00",
    "2027-01-01",
    "tomorrow",
    "1795428750",
)


@case("bad-051")
def no_dates(target: Target):
    for date in DATES:
        body = {"name": "x", "user_id": 1, "expires_at": date}
        target.refused(target.ask(target.tenant.owner, "POST", f"{target.path}/keys", body))
        asked = date.replace("+", "%2B")
        target.refused(target.ask(target.tenant.owner, "GET", f"{target.path}/events?since={asked}"))


@case("bad-052")
def no_uuids(target: Target):
    known = target.tenant.owner.every(f"{target.path}/channels")[0]["id"]
    spelled = [f"{{{known}}}", known.upper(), known[:-1], known + "0", known.replace("-", ""), "x" * 36]
    answers = {target.ask(target.tenant.owner, "GET", f"{target.path}/channels/{text}").status_code for text in spelled}
    assert len(answers) == 1, answers
    assert answers <= {400, 404}
    unknown = target.ask(target.tenant.owner, "GET", f"{target.path}/channels/{uuid.uuid4()}")
    target.refused(unknown, 404)


@case("bad-057", changes_state=True)
def texts_over_their_limit(target: Target):
    limits = {"/v1/events": EVENT_NAME_BYTES, "/channels": CHANNEL_NAME_BYTES}
    for ending, limit in limits.items():
        path, (client, body) = next(route for route in target.routes.items() if route[0].endswith(ending))
        for long in ("x" * (limit + 1), "😀" * (limit // 4) + "x", "é" * (limit // 2) + "x"):
            problem = target.refused(target.ask(client, "POST", path, body | {"name": long}))
            (error,) = problem["errors"]
            assert error["field"] == "name"
            assert f"{limit} bytes" in error["message"]
        for long in ("x" * limit, "😀" * (limit // 4)):
            assert target.ask(client, "POST", path, body | {"name": long}).status_code in (201, 202)


@case("bad-058")
def texts_with_nothing_to_see(target: Target):
    for name in ("", " ", " \t\n ", "\u0301\u0301", "\u200b", "\u00a0\u3000", "\u202e"):
        target.every_route_refuses(lambda text, name=name: text.replace(f'"{NAME}"', json.dumps(name)).encode())

"""Keys that are none, or not any more, or of somebody else."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta

from harness.client import expect
from harness.service import Service
from harness.tenant import Tenant
from harness.waiting import wait_until

from .registry import case
from .target import Target


def with_header(target: Target, authorization: str | None, path: str | None = None):
    headers = {"Authorization": authorization} if authorization is not None else {}
    return target.ask(target.tenant.service.client(None), "GET", path or target.path, headers=headers)


def own_service(target: Target) -> Target:
    """Wrong keys are counted by address, so these cases have a service of their own."""
    service: Service = target.make_service().start()
    return Target(Tenant(service, target.tenant.receiver))


@case("bad-109")
def everything_that_is_no_key(target: Target):
    own = own_service(target)
    key = own.tenant.owner.key
    changed = key[:20] + ("x" if key[20] != "x" else "y") + key[21:]
    basic = "Basic " + base64.b64encode(f"user:{key}".encode()).decode()
    wrong = (
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer  {key}",
        basic,
        key,
        "Bearer rb_x",
        f"Bearer {changed}",
        f"Bearer {key}x",
    )
    answers = [with_header(own, authorization) for authorization in wrong]
    query = own.ask(own.tenant.service.client(None), "GET", f"{own.path}?key={key}&access_token={key}")
    bodies = set()
    for answer in [*answers, query]:
        problem = own.refused(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        del problem["request_id"]
        bodies.add(json.dumps(problem))
    assert len(bodies) == 1, bodies
    target.slowest = own.slowest


@case("bad-111", changes_state=True)
def keys_that_died_and_keys_of_others(target: Target):
    tenant = target.tenant
    made = expect(tenant.owner.post(f"{tenant.path}/keys", {"name": "x", "user_id": 1}), 201)
    expect(tenant.owner.delete(f"{tenant.path}/keys/{made['id']}"), 204)
    target.refused(with_header(target, f"Bearer {made['key']}"), 401)
    soon = (datetime.now(UTC) + timedelta(seconds=1)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {"name": "short", "user_id": 1, "expires_at": soon}
    short = expect(tenant.owner.post(f"{tenant.path}/keys", body), 201)["key"]
    wait_until(lambda: with_header(target, f"Bearer {short}").status_code == 401, 10, "an expired key still works")
    other = Tenant(tenant.service, tenant.receiver)
    target.refused(target.ask(other.owner, "GET", tenant.path), 404)
    target.refused(target.ask(tenant.member, "POST", f"{tenant.path}/channels", target.draft()), 403)


def token(header: dict, payload: dict) -> str:
    parts = [json.dumps(part).encode() for part in (header, payload)] + [b"signature"]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@case("bad-112")
def tokens_are_not_taken_in_this_version(target: Target):
    """No issuer can be configured yet; a token must then be no more than a wrong key."""
    own = own_service(target)
    payload = {"sub": "1", "aud": [], "exp": time.time() + 600}
    tokens = [
        token({"alg": "none"}, payload),
        token({"alg": "HS256", "kid": "../../etc/passwd"}, payload),
        token({"alg": "RS256", "crit": ["x"]}, payload | {"exp": "soon"}),
        "a.b",
        "a.b.c.d.e",
        "x." * 3_000,
    ]
    for text in tokens:
        own.refused(with_header(own, f"Bearer {text}"), 401)
    head = own.head("GET", own.path).replace(own.tenant.owner.key.encode(), b"x" * 1_000_000)
    assert own.wire(head).status in (400, 401, 431)
    assert own.tenant.service.is_ready()


@case("bad-114")
def guessing_is_slowed_down(target: Target):
    own = own_service(target)
    answers = [with_header(own, f"Bearer rb_{number}") for number in range(100)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert set(statuses) == {401, 429}
    assert int(answers[-1].headers["Retry-After"]) > 0
    # Whoever has a right key goes on, also from the same address.
    expect(own.tenant.owner.get(own.path), 200)

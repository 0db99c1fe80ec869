"""Paths that try to get around a rule."""

import uuid

from .registry import case
from .target import Target


def answer_to(target: Target, path: str):
    """Without a library that would tidy the path up."""
    return target.wire(target.head("GET", path))


@case("bad-087")
def paths_that_want_to_be_tidied(target: Target):
    spelled = (
        "/v1/organizations/../../etc/passwd",
        f"/v1/organizations/../organizations/{target.tenant.number}",
        f"/v1/./organizations/{target.tenant.number}",
        f"//v1//organizations/{target.tenant.number}",
        f"/v1//organizations/{target.tenant.number}",
        f"{target.path}/",
        f"{target.path}//channels",
        f"/v1/organizations/0{target.tenant.number}",
        f"/v1/organizations/+{target.tenant.number}",
        f"/v1/Organizations/{target.tenant.number}",
        f"\\v1\\organizations\\{target.tenant.number}",
    )
    for path in spelled:
        assert answer_to(target, path).status in (400, 404), path


@case("bad-088")
def encoded_paths(target: Target):
    spelled = (
        "/v1/organizations/%2e%2e%2f%2e%2e%2fetc/passwd",
        "/v1/organizations/%252e%252e",
        "/v1/organizations/..%5c..%5cetc",
        f"{target.path};jsessionid=1",
        f"/v1/organizations/{target.tenant.number}%00",
        f"/v1/organizations/{target.tenant.number}%2fchannels",
        f"/v1/organizations/{target.tenant.number}/%63hannels",
        "/v1/organizations/%",
        "/v1/organizations/%zz",
    )
    for path in spelled:
        assert answer_to(target, path).status in (400, 404), path


@case("bad-090")
def long_ids(target: Target):
    for path in ("/v1/organizations/" + "9" * 10_000, f"{target.path}/channels/" + "a" * 10_000):
        assert answer_to(target, path).status in (400, 404, 414, 431)


@case("bad-091", changes_state=True)
def ids_that_are_not_there_look_alike(target: Target):
    tenant = target.tenant
    removed = tenant.channel("webhook", "removed")["id"]
    tenant.owner.delete(f"{tenant.path}/channels/{removed}")
    key = tenant.user_key(1)["id"]
    seen = {}
    for asked in (removed, key, str(uuid.uuid4()), "00000000-0000-0000-0000-000000000000"):
        answer = target.ask(tenant.owner, "GET", f"{tenant.path}/channels/{asked}")
        problem = target.refused(answer, 404)
        del problem["request_id"]
        seen[str(problem).replace(asked, "ID")] = len(answer.content)
    assert len(seen) == 1, seen

"""Who may do what, for every route and every kind of caller; and what the audit log keeps of each request."""

import pytest

from harness.client import expect
from harness.events import started
from harness.permission_table import Cell, Route, cells, routes
from harness.stage import Stage
from harness.tenant import ADMIN, MEMBER, OWNER, Tenant

MISSING = 999_999_999
ACTORS = {"owner": f"user:{OWNER}", "admin": f"user:{ADMIN}", "member": f"user:{MEMBER}", "operator": "operator"}


@pytest.fixture(scope="module")
def stage(service, receiver):
    return Stage(Tenant(service, receiver), Tenant(service, receiver))


@pytest.mark.parametrize("cell", cells(), ids=lambda cell: cell.title)
def test_every_role_gets_what_the_table_says(stage, cell: Cell):
    request = stage.request(cell.route)
    before = stage.tenant.audit()
    answer = request.by(stage.callers[cell.caller])
    assert answer.status_code == cell.status, answer.text
    entries = added(stage.tenant, before)
    if cell.status == 403 and not entries:
        assert is_merged(cell, before), "a refusal that no entry tells of"
    else:
        assert len(entries) == cell.audit_entries, entries
    if cell.status >= 400:
        check_problem(answer)
    if entries:
        check_entry(stage, cell, entries[0])


def added(tenant: Tenant, before: list[dict]) -> list[dict]:
    """The audit log's new entries, without those of refusals of before that were counted: they come after a minute."""
    return [entry for entry in tenant.audit()[len(before) :] if "count" not in entry["detail"]]


def is_merged(cell: Cell, before: list[dict]) -> bool:
    """Whether it may be counted with an earlier one: two routes can attempt the same. Its entry follows."""
    return cell.audit_entries == 0 or any(
        entry["action"] == "refused" and entry["actor"].startswith(ACTORS.get(cell.caller, "key:")) for entry in before
    )


def check_problem(answer):
    problem = answer.json()
    # In the form of HipChat's API.
    if "error" in problem:
        assert problem["error"]["code"] == answer.status_code
        return
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert {"type", "title", "status", "detail", "request_id"} <= set(problem)
    assert problem["status"] == answer.status_code


def check_entry(stage, cell: Cell, entry: dict):
    assert entry["actor"].startswith(ACTORS.get(cell.caller, "key:"))
    assert (entry["action"] == "refused") == (cell.status == 403), entry


in_organizations = [route for route in routes() if route.is_in_organization]


@pytest.mark.parametrize("route", in_organizations, ids=lambda route: route.title)
@pytest.mark.parametrize("caller", ["owner", "member", "service"])
def test_a_foreign_organization_answers_exactly_as_a_missing_one(stage, route: Route, caller):
    request = stage.request(route)
    client = {"owner": stage.foreign.owner, "member": stage.foreign.member, "service": stage.foreign.scheduler}[caller]
    before = stage.foreign.audit()
    foreign = request.by(client)
    missing = request.at(MISSING, instead_of=stage.tenant.number).by(client)
    assert foreign.status_code == 404
    assert seen(foreign, stage.tenant.number) == seen(missing, MISSING)
    assert not added(stage.foreign, before)


def seen(answer, organization: int) -> tuple:
    """All that a caller could tell two answers apart by, without what differs from request to request."""
    passing = {"date", "x-request-id"}
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in passing}
    problem = {key: value for key, value in answer.json().items() if key != "request_id"}
    # The number that the caller asked for may come back; its length then shows in the length of the answer.
    text = str(problem).replace(str(organization), "ORGANIZATION")
    if str(organization) in answer.text:
        headers.pop("content-length", None)
    return answer.status_code, headers, text


@pytest.mark.parametrize("route", [route for route in routes() if "{channel}" in route.path], ids=lambda r: r.title)
def test_a_channel_of_another_organization_answers_exactly_as_a_missing_one(stage, route: Route):
    request = stage.request(route)
    other = stage.foreign.channel("webhook")["id"]
    channel = request.path.removeprefix(f"{stage.tenant.path}/channels/").partition("/")[0]
    unknown = channel[:-12] + "0" * 12
    answers = {}
    for asked in (other, unknown):
        path = request.path.replace(channel, asked)
        answers[asked] = stage.tenant.owner.call(request.method, path, request.body)
    assert answers[other].status_code == 404
    assert strip(answers[other], other) == strip(answers[unknown], unknown)


def strip(answer, asked: str) -> str:
    problem = {key: value for key, value in answer.json().items() if key != "request_id"}
    return str(problem).replace(asked, "ID")


def test_a_demoted_admin_loses_the_right_at_the_next_request(tenant):
    draft = tenant.draft("webhook")
    expect(tenant.admin.post(f"{tenant.path}/channels", draft), 201)
    expect(tenant.owner.put(f"{tenant.path}/members/{ADMIN}", {"role": "member"}), 200)
    expect(tenant.admin.post(f"{tenant.path}/channels", draft), 403)
    expect(tenant.admin.get(f"{tenant.path}/channels"), 200)
    expect(tenant.owner.put(f"{tenant.path}/members/{ADMIN}", {"role": "admin"}), 200)
    expect(tenant.admin.post(f"{tenant.path}/channels", draft | {"name": "again"}), 201)


def test_the_key_of_a_removed_member_stops_working(tenant):
    expect(tenant.member.get(tenant.path), 200)
    expect(tenant.owner.delete(f"{tenant.path}/members/{MEMBER}"), 204)
    assert tenant.member.get(tenant.path).status_code in (401, 404)
    assert tenant.member.get(f"{tenant.path}/channels").status_code in (401, 404)


def test_a_removed_key_stops_working_at_once(tenant, runs):
    made = expect(tenant.owner.post(f"{tenant.path}/keys", {"name": "x", "scopes": ["events:write"]}), 201)
    program = tenant.service.client(made["key"])
    expect(program.post("/v1/events", started(tenant.number, next(runs))), 202)
    expect(tenant.owner.delete(f"{tenant.path}/keys/{made['id']}"), 204)
    expect(program.post("/v1/events", started(tenant.number, next(runs))), 401)


@pytest.mark.parametrize("role", ["owner"])
def test_an_admin_cannot_make_anybody_an_owner(tenant, role):
    _ = tenant.member
    expect(tenant.admin.put(f"{tenant.path}/members/{MEMBER}", {"role": role}), 403)
    expect(tenant.admin.put(f"{tenant.path}/members/77", {"role": role}), 403)
    expect(tenant.admin.put(f"{tenant.path}/members/{ADMIN}", {"role": role}), 403)


def test_an_admin_cannot_change_an_owner(tenant):
    expect(tenant.admin.put(f"{tenant.path}/members/{OWNER}", {"role": "member"}), 403)
    expect(tenant.admin.delete(f"{tenant.path}/members/{OWNER}"), 403)
    roles = {member["user_id"]: member["role"] for member in tenant.owner.every(f"{tenant.path}/members")}
    assert roles == {OWNER: "owner", ADMIN: "admin"}


def test_an_admin_cannot_create_a_key_for_an_owner(tenant):
    expect(tenant.admin.post(f"{tenant.path}/keys", {"name": "x", "user_id": OWNER}), 403)


def test_the_last_owner_cannot_be_removed(tenant):
    for answer in (
        tenant.owner.delete(f"{tenant.path}/members/{OWNER}"),
        tenant.owner.put(f"{tenant.path}/members/{OWNER}", {"role": "admin"}),
    ):
        assert answer.status_code == 409, answer.text
    expect(tenant.owner.put(f"{tenant.path}/members/5", {"role": "owner"}), 201)
    expect(tenant.owner.delete(f"{tenant.path}/members/{OWNER}"), 204)


def test_a_service_key_writes_to_its_own_organization_only(stage, runs):
    event = started(stage.foreign.number, next(runs))
    assert stage.tenant.scheduler.post("/v1/events", event).status_code == 404
    assert stage.foreign.owner.every(f"{stage.foreign.path}/events") == []

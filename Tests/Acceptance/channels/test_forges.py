"""GitHub and GitLab: what arrives is what their clients, written by others, send for the same status."""

import html
import json
import re

import gitlab
import pytest
import requests
from github import Auth, Github

from harness.answer import Answer
from harness.client import expect
from harness.events import TEST_EVENT, finished, hostile_name, started
from harness.tenant import Tenant

COMMIT = "6dcb09b5b57875f334f61aebed695e2e4193db5e"
TOKEN = "ForgeCanarySecret0123456789AbCdEf"
GITHUB = f"/repos/acme/shop/statuses/{COMMIT}"
GITLAB = f"/api/v4/projects/acme%2Fweb%2Fshop/statuses/{COMMIT}"
CONTEXT = {"commit": COMMIT, "branch": "main", "run_url": "https://ci.example.org/runs/8"}


def answer(status: int, body: dict) -> Answer:
    return Answer(status, json.dumps(body).encode(), (("Content-Type", "application/json"),))


@pytest.fixture
def forges(service, receiver):
    """A channel at each, at receivers of their own paths; the documented answers on success."""
    tenant = Tenant(service, receiver)
    receiver.script(GITHUB, default=answer(201, {"id": 1, "state": "success", "context": "x"}))
    receiver.script(GITLAB, default=answer(201, {"id": 93, "status": "success", "sha": COMMIT}))
    receiver.script("/repos/acme/shop", default=answer(200, {"full_name": "acme/shop", "permissions": {"push": True}}))
    receiver.script("/api/v4/projects/acme%2Fweb%2Fshop", default=answer(200, {"path_with_namespace": "acme/web/shop"}))
    settings = {"github": {"repository": "acme/shop"}, "gitlab": {"project": "acme/web/shop"}}
    tenant.kinds = {}
    for kind, more in settings.items():
        draft = {"kind": kind, "name": kind, "settings": {"url": receiver.url, "token": TOKEN} | more}
        tenant.kinds[kind] = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)
    return tenant


def last(forges, path: str, event: dict, kind: str):
    before = len(forges.receiver.arrivals(path))
    accepted = forges.post(event)
    assert forges.settled(accepted["id"], forges.kinds[kind])["state"] == "delivered"
    return forges.receiver.wait_for(path, before + 1)[-1]


@pytest.mark.parametrize(("status", "state"), [(3, "success"), (12, "failure"), (8, "error")])
def test_pygithub_sends_the_same_status(forges, receiver, status, state):
    event = finished(forges.number, 4711, status, name=hostile_name()) | CONTEXT
    ours = last(forges, GITHUB, event, "github")
    assert ours.header("Authorization") == f"Bearer {TOKEN}"
    assert ours.json["state"] == state
    assert len(ours.json["description"]) <= 140
    api = f"{receiver.url}/repos/acme/shop"
    path = f"/repos/acme/shop/commits/{COMMIT}"
    receiver.script("/repos/acme/shop", answer(200, {"full_name": "acme/shop", "url": api}))
    receiver.script(path, default=answer(200, {"sha": COMMIT, "url": receiver.url + path}))
    client = Github(base_url=receiver.url, auth=Auth.Token(TOKEN), retry=None)
    before = len(receiver.arrivals(GITHUB))
    client.get_repo("acme/shop").get_commit(COMMIT).create_status(**ours.json)
    theirs = receiver.wait_for(GITHUB, before + 1)[-1]
    assert (theirs.method, theirs.json) == (ours.method, ours.json)


@pytest.mark.parametrize(("status", "state"), [(3, "success"), (12, "failed"), (6, "canceled")])
def test_python_gitlab_sends_the_same_status(forges, receiver, status, state):
    event = finished(forges.number, 4711, status, name=hostile_name()) | CONTEXT
    ours = last(forges, GITLAB, event, "gitlab")
    assert ours.header("PRIVATE-TOKEN") == TOKEN
    assert ours.json["state"] == state
    project = gitlab.Gitlab(receiver.url, private_token=TOKEN).projects.get("acme/web/shop", lazy=True)
    before = len(receiver.arrivals(GITLAB))
    project.commits.get(COMMIT, lazy=True).statuses.create(dict(ours.json))
    theirs = receiver.wait_for(GITLAB, before + 1)[-1]
    assert (theirs.method, theirs.json) == (ours.method, ours.json)
    assert theirs.header("PRIVATE-TOKEN") == ours.header("PRIVATE-TOKEN")


def test_an_event_without_a_commit_is_skipped_and_says_so(forges):
    accepted = forges.post(started(forges.number, 1))
    for channel in forges.kinds.values():
        outcome = forges.settled(accepted["id"], channel)
        assert (outcome["state"], outcome["reason"]) == ("skipped", "nothing_to_say.commit")
        assert "the event names no commit" in outcome["text"]


def test_a_test_reads_and_writes_nothing(forges, receiver):
    before = len(receiver.arrivals(GITHUB)) + len(receiver.arrivals(GITLAB))
    accepted = forges.post(TEST_EVENT)
    for channel in forges.kinds.values():
        assert forges.settled(accepted["id"], channel)["state"] == "delivered"
    assert receiver.arrivals("/repos/acme/shop")[-1].method == "GET"
    assert len(receiver.arrivals(GITHUB)) + len(receiver.arrivals(GITLAB)) == before


def test_a_commit_that_the_repository_lacks_is_explained(forges, receiver):
    missing = {"message": f"No commit found for SHA: {COMMIT}", "status": "422"}
    receiver.script(GITHUB, answer(422, missing))
    receiver.script(GITLAB, answer(404, {"message": "404 Commit Not Found"}))
    accepted = forges.post(finished(forges.number, 1, 3) | CONTEXT)
    for channel in forges.kinds.values():
        outcome = forges.settled(accepted["id"], channel)
        assert outcome["state"] == "failed"
        assert "no such commit" in outcome["text"]


def test_a_start_that_is_sent_after_the_end_leaves_the_end(forges, receiver):
    """A status that says under way is what everybody waits for, forever."""
    receiver.script(GITHUB, answer(404, {"message": "Not Found"}))
    receiver.script(GITLAB, answer(404, {"message": "404 Project Not Found"}))
    start = forges.post(started(forges.number, 3) | CONTEXT)
    failed = {kind: forges.settled(start["id"], channel) for kind, channel in forges.kinds.items()}
    assert {outcome["state"] for outcome in failed.values()} == {"failed"}
    end = forges.post(finished(forges.number, 3, 12) | CONTEXT)
    cookie = forges.session_cookie()
    cases = (("github", GITHUB, "pending", "failure"), ("gitlab", GITLAB, "running", "failed"))
    for kind, path, under_way, state in cases:
        assert forges.settled(end["id"], forges.kinds[kind])["state"] == "delivered"
        before = len(receiver.arrivals(path))
        delivery = failed[kind]["delivery_id"]
        expect(forges.owner.post(f"{forges.path}/deliveries/{delivery}/retry"), 202)
        late = receiver.wait_for(path, before + 1)[-1].json
        assert (late["state"], late["description"][:16]) == (state, "Failed threshold")
        assert forges.settled(start["id"], forges.kinds[kind])["state"] == "delivered"
        # The page of the delivery shows both requests as they were.
        shown = forges.service.url + f"/organizations/{forges.number}/deliveries/{delivery}"
        page = requests.get(shown, headers={"Cookie": cookie}, timeout=15).text
        assert {under_way, state} <= set(re.findall(r'"state": ?"(\w+)"', html.unescape(page)))


def test_a_status_that_gitlab_has_already_is_delivered(forges, receiver):
    """The answer to the first request was lost; the second is refused in these words."""
    message = 'Cannot transition status via :run from :running (Reason(s): Status cannot transition via "run")'
    receiver.script(GITLAB, answer(400, {"message": message}))
    accepted = forges.post(started(forges.number, 2) | CONTEXT)
    assert forges.settled(accepted["id"], forges.kinds["gitlab"])["state"] == "delivered"

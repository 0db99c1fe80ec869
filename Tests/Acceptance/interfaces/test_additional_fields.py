"""Where a run comes from: stored, shown to people, and never sent by the documented web hook."""

import json
import subprocess

import requests

from harness.client import expect
from harness.events import finished
from harness.service import binary, clean_environment

COMMIT = "5f1c0b1de9b0f7f1a0d9a3d7e0f4a6c8b2e4d6f8"
MORE = {
    "run_url": "https://ci.example.org/acme/shop/runs/8?a=1&b=2",
    "commit": COMMIT,
    "repository": "acme/shop",
    "branch": "feature/checkout",
    "environment": "staging",
    "tags": ["nightly", "<release>"],
}


def test_they_are_stored_and_shown_but_not_sent_by_the_documented_web_hook(tenant, runs):
    hook, slack = tenant.channel("webhook"), tenant.channel("slack")
    event = finished(tenant.number, next(runs), 12)
    accepted = tenant.post(event | MORE)
    (documented,) = tenant.receiver.wait_for(hook["at"])
    assert documented.body == json.dumps(event, separators=(",", ":")).encode()
    (message,) = tenant.receiver.wait_for(slack["at"])
    said = json.dumps(message.json)
    for word in ("staging", "acme/shop", "feature/checkout", COMMIT[:12], "nightly, &lt;release&gt;", MORE["run_url"]):
        assert word in said
    shown = expect(tenant.owner.get(f"{tenant.path}/events/{accepted['id']}"), 200)
    assert shown["content"] == event | MORE
    page = requests.get(
        f"{tenant.service.url}/organizations/{tenant.number}/events/{accepted['id']}",
        headers={"Cookie": tenant.session_cookie()},
        timeout=15,
    )
    assert page.status_code == 200
    assert 'href="https://ci.example.org/acme/shop/runs/8?a=1&amp;b=2"' in page.text
    assert "feature/checkout" in page.text


def test_all_mistakes_are_named_at_once(tenant, runs):
    wrong = {"run_url": "javascript:x", "commit": "HEAD", "branch": "", "tags": ["a", 1], "colour": "red"}
    answer = tenant.post(finished(tenant.number, next(runs), 3) | wrong, status=400)
    named = [error["field"] for error in answer["errors"]]
    assert sorted(named) == ["branch", "colour", "commit", "run_url", "tags[1]"]


def test_watch_reads_the_variables_of_github_actions(tenant, runs, tmp_path):
    run = next(runs)
    described = tmp_path / "event.json"
    described.write_text(json.dumps({"pull_request": {"head": {"sha": COMMIT}}}))
    job = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "acme/shop",
        "GITHUB_RUN_ID": "8",
        "GITHUB_SHA": "0" * 40,
        "GITHUB_HEAD_REF": "feature/checkout",
        "GITHUB_EVENT_PATH": str(described),
        "RUNBELL_URL": tenant.service.url,
        "RUNBELL_KEY": tenant.scheduler.key,
    }
    flags = {"organization": tenant.number, "project": 9, "load-test": 1001, "run": run, "user": 7, "name": "Checkout"}
    command = [str(binary()), "watch", *(part for key, value in flags.items() for part in (f"--{key}", str(value)))]

    def context(*more: str) -> dict:
        subprocess.run([*command, *more, "--", "true"], env=clean_environment() | job, check=True, timeout=60)
        events = expect(tenant.owner.get(f"{tenant.path}/events"), 200)["data"]
        assert [event["content"]["event"] for event in events[:2]] == ["test.finished", "test.started"]
        told = [{key: value for key, value in event["content"].items() if key in MORE} for event in events[:2]]
        assert told[0] == told[1]
        return told[0]

    page = "https://github.com/acme/shop/actions/runs/8"
    read = {"run_url": page, "commit": COMMIT, "repository": "acme/shop", "branch": "feature/checkout"}
    assert context() == read
    told = {"branch": "main", "tags": ["nightly", "full"]}
    assert context("--branch", "main", "--tags", "nightly,full") == read | told
    assert context("--no-ci", "--environment", "staging") == {"environment": "staging"}

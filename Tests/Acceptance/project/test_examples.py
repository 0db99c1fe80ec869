"""The examples: receivers that verify signatures, and CI jobs that run a load test under `runbell watch`."""

import base64
import hashlib
import hmac
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, replace

import pytest
import requests
import yaml

from harness.client import expect
from harness.events import TEST_EVENT, finished, started
from harness.load_test import K6
from harness.service import PROJECT, binary, clean_environment
from harness.waiting import wait_until

EXAMPLES = PROJECT / "examples"
SECRET = "whsec_" + base64.b64encode(b"the examples' own signing secret").decode()
RECEIVERS = {
    "python": ([sys.executable], "receiver.py"),
    "javascript": (["node"], "receiver.mjs"),
    "go": (["go", "run"], "receiver.go"),
}


class ExampleReceiver:
    def __init__(self, language: str, folder):
        command, file = RECEIVERS[language]
        if not shutil.which(command[0]):
            pytest.skip(f"{command[0]} is not installed, so the receiver in {language} was not tried.")
        self.log = folder / "receiver.log"
        environment = clean_environment() | {"WEBHOOK_SECRET": SECRET, "PORT": "0"}
        environment |= {"GOCACHE": str(folder / "cache"), "GOTOOLCHAIN": "local"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, str(EXAMPLES / "receivers" / file)],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,
            )
        self.url = wait_until(self.address, 100, self.log.read_text)

    def address(self) -> str | None:
        assert self.process.poll() is None, self.log.read_text()
        found = re.search(r"^Listening on (http://127\.0\.0\.1:\d+)$", self.log.read_text(), re.MULTILINE)
        return found and found[1]

    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()[1:]

    def close(self):
        # `go run` starts the receiver as a child.
        os.killpg(self.process.pid, 9)
        self.process.wait(10)


@pytest.fixture(scope="module", params=RECEIVERS)
def example(request, tmp_path_factory):
    example = ExampleReceiver(request.param, tmp_path_factory.mktemp("example"))
    yield example
    example.close()


def hook(tenant, url: str, secret: str = SECRET) -> dict:
    draft = {"kind": "webhook", "name": url, "settings": {"url": url, "signing_secret": secret}}
    return expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)


@dataclass(frozen=True)
class Signed:
    """A request that Runbell signed with SECRET."""

    headers: dict[str, str]
    body: bytes

    def status(self, example: ExampleReceiver) -> int:
        return requests.post(example.url + "/hook", self.body, headers=self.headers, timeout=15).status_code

    def but(self, **headers: str | None) -> "Signed":
        changed = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={name: value for name, value in changed.items() if value is not None})


@pytest.fixture
def signed(tenant, runs) -> Signed:
    path = f"/hook/{tenant.number}/copy"
    hook(tenant, tenant.receiver.url + path)
    tenant.post(finished(tenant.number, next(runs)))
    (arrival,) = tenant.receiver.wait_for(path)
    headers = {name.lower(): value for name, value in arrival.headers if name.lower().startswith("webhook-")}
    return Signed(headers | {"content-type": "application/json"}, arrival.body)


def signed_at(moment: int, signed: Signed) -> Signed:
    """The same request as Runbell would have signed it at another time."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    content = f"{signed.headers['webhook-id']}.{moment}.".encode() + signed.body
    code = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return signed.but(webhook_timestamp=str(moment), webhook_signature=f"v1,{code}")


@pytest.mark.parametrize("event", [started, finished, None], ids=["started", "finished", "test event"])
def test_a_notification_is_accepted(example, tenant, runs, event):
    channel = hook(tenant, example.url + "/hook")
    content = event(tenant.number, next(runs), name="Prüfung 😀") if event else TEST_EVENT
    outcome = tenant.settled(tenant.post(content)["id"], channel)
    assert outcome["state"] == "delivered", example.lines()
    wait_until(lambda: f"{outcome['delivery_id']} {content['event']}" in example.lines(), 5, str(example.lines()))


def test_a_notification_signed_with_another_secret_is_refused(example, tenant):
    other = "whsec_" + base64.b64encode(b"some other secret of 32 bytes...").decode()
    channel = hook(tenant, example.url + "/hook", other)
    report = expect(tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/test"), 200)
    assert report["response"]["status"] == 401, report


def test_both_secrets_of_a_rotation_are_accepted(example, tenant):
    channel = hook(tenant, example.url + "/hook")
    expect(tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/rotate-secret", {"overlap_hours": 1}), 200)
    report = expect(tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/test"), 200)
    assert report["verdict"] == "delivered", report


def test_a_changed_request_is_refused(example, signed):
    assert signed.status(example) == 204
    assert replace(signed, body=signed.body.replace(b"Checkout", b"Checkin!")).status(example) == 401
    assert replace(signed, body=signed.body + b" ").status(example) == 401
    assert replace(signed, body=b"").status(example) == 401
    assert signed.but(webhook_id="0" * 36).status(example) == 401
    later = str(int(signed.headers["webhook-timestamp"]) + 1)
    assert signed.but(webhook_timestamp=later).status(example) == 401


@pytest.mark.parametrize("header", ["webhook_id", "webhook_timestamp", "webhook_signature"])
def test_a_request_without_a_header_is_refused(example, signed, header):
    assert signed.but(**{header: None}).status(example) == 401


@pytest.mark.parametrize("signature", ["", "v1,", "v1", "v1, v1,", "v2,{}", "v1,{}x", "{}", "é"])
def test_what_is_no_signature_is_refused(example, signed, signature):
    code = signed.headers["webhook-signature"].removeprefix("v1,")
    given = signature.format(code).encode().decode("latin-1")
    assert signed.but(webhook_signature=given).status(example) == 401


@pytest.mark.parametrize("timestamp", ["", "-1", "now", "1e9", "9" * 30, "9" * 5000])
def test_what_is_no_timestamp_is_refused(example, signed, timestamp):
    assert signed.but(webhook_timestamp=timestamp).status(example) == 401


def test_an_old_or_future_timestamp_is_refused_although_it_is_signed(example, signed):
    now = int(time.time())
    assert signed_at(now, signed).status(example) == 204
    assert signed_at(now - 240, signed).status(example) == 204
    assert signed_at(now - 360, signed).status(example) == 401
    assert signed_at(now + 360, signed).status(example) == 401


def test_a_body_that_is_too_large_is_refused(example, signed):
    refused = 0
    try:
        refused = replace(signed, body=b"x" * (2 << 20)).status(example)
    except requests.ConnectionError:
        # It may close the connection while the rest is still being sent.
        refused = 413
    assert refused == 413
    assert signed.status(example) == 204


@dataclass(frozen=True)
class Job:
    """One step of a CI configuration: its command, and the variables that stand in the file."""

    title: str
    command: str
    variables: dict[str, str]


def own_variables(found: dict) -> dict[str, str]:
    """Without those that the service fills in."""
    return {name: value for name, value in found.items() if "$" not in str(value)}


def github_jobs():
    workflow = yaml.safe_load((EXAMPLES / "ci" / "github-actions.yml").read_text())
    for job in workflow["jobs"].values():
        for step in job["steps"]:
            if "run" in step:
                yield Job(f"GitHub Actions: {step['name']}", step["run"], own_variables(job["env"]))


def gitlab_jobs():
    pipeline = yaml.safe_load((EXAMPLES / "ci" / "gitlab-ci.yml").read_text())
    for name, job in pipeline.items():
        if "script" in job:
            variables = pipeline[job["extends"]].get("variables", {})
            yield Job(f"GitLab CI: {name}", "\n".join(job["script"]), own_variables(variables))


def jenkins_jobs():
    text = (EXAMPLES / "ci" / "Jenkinsfile").read_text()
    variables = dict(re.findall(r"^\s+(RUNBELL_\w+) = '(.*)'$", text, re.MULTILINE))
    stages = re.findall(r"stage\('(\w+)'\).*?sh ('''|')(.*?)\2$", text, re.DOTALL | re.MULTILINE)
    for name, _, command in stages:
        # In Groovy's texts a backslash escapes: before a line's end it takes the end away.
        yield Job(f"Jenkins: {name}", command.replace("\\\n", ""), variables)


def test_the_load_test_runs_as_the_readme_says(tenant, runs):
    command = re.search(r"^runbell (watch -- k6 run (\S+))", (PROJECT / "README.md").read_text(), re.MULTILINE)
    assert command and (PROJECT / command[2]).exists()
    channel = tenant.channel("webhook")
    variables = {
        "PATH": f"{binary().parent}:{K6.parent}:{os.environ['PATH']}",
        "TARGET": f"{tenant.service.url}/healthz",
        "RUNBELL_URL": tenant.service.url,
        "RUNBELL_KEY": service_key(tenant),
        "RUNBELL_RUN": str(next(runs)),
    }
    done = subprocess.run(
        ["sh", "-ec", command[0]],
        cwd=PROJECT,
        env=clean_environment() | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, 99), done.stdout + done.stderr
    last = tenant.receiver.wait_for(channel["at"], 2)[1].json
    assert last["status_text"] == ("Finished" if done.returncode == 0 else "Failed threshold")


def service_key(tenant) -> str:
    """A key that says what its runs belong to."""
    defaults = {"scopes": ["events:write"], "default_project_id": 1, "default_user_id": 1}
    return expect(tenant.owner.post(f"{tenant.path}/keys", {"name": "CI", **defaults}), 201)["key"]


JOBS = [*github_jobs(), *gitlab_jobs(), *jenkins_jobs()]


def test_every_ci_example_has_k6_and_locust():
    assert sorted(job.title for job in JOBS) == [
        "GitHub Actions: Locust",
        "GitHub Actions: k6",
        "GitLab CI: k6",
        "GitLab CI: locust",
        "Jenkins: Locust",
        "Jenkins: k6",
    ]


@pytest.fixture
def programs(tmp_path):
    """A folder with runbell, and a k6 and a Locust that end with the exit code of a failed threshold."""
    (tmp_path / "runbell").symlink_to(binary())
    for name in ("k6", "locust"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/arguments"\nexit 99\n')
        (tmp_path / name).chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.title)
def test_a_ci_job_notifies_and_keeps_the_exit_code(tenant, runs, programs, job):
    channel = tenant.channel("webhook")
    # What the file takes from the service's settings.
    settings = {"URL": tenant.service.url, "KEY": service_key(tenant)}
    variables = {f"RUNBELL_{name}": value for name, value in settings.items()} | {"RUNBELL_RUN": str(next(runs))}
    environment = clean_environment() | {"PATH": f"{programs}:{os.environ['PATH']}"} | variables | job.variables
    done = subprocess.run(
        ["sh", "-ec", job.command], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 99, done.stderr
    assert (programs / "arguments").read_text().strip()
    first, last = (arrival.json for arrival in tenant.receiver.wait_for(channel["at"], 2))
    assert (first["event"], last["event"]) == ("test.started", "test.finished")
    assert last["status_text"] == "Failed threshold"


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.title)
def test_a_ci_job_uses_options_that_watch_has(service, job):
    help_text = service.run("watch", "--help").stdout
    used = re.findall(r"(?<=\s)--[a-z-]+(?=\s)", job.command.partition("-- ")[0])
    assert used
    assert [option for option in used if option not in help_text] == []

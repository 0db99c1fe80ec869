"""The main job: a real k6 run under `runbell watch`, and what each of three receivers gets."""

import json
import re
import shlex
import subprocess
from dataclasses import dataclass

import pytest

from harness.client import expect
from harness.load_test import LoadTest
from harness.receiver import Receiver
from harness.service import binary, clean_environment, free_port
from harness.waiting import stays


@dataclass(frozen=True)
class Script:
    name: str
    exit_code: int
    status: int
    words: str
    interrupt: bool = False


SCRIPTS = [
    Script("passes", 0, 3, "Finished"),
    Script("fails_threshold", 99, 12, "Failed threshold"),
    Script("throws", 107, 9, "Aborted by script error"),
    Script("goes_on", 105, 6, "Aborted by user", interrupt=True),
]
each_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)


@pytest.fixture(scope="module")
def shop():
    """The system under load is a server of its own."""
    shop = Receiver()
    yield shop
    shop.close()


@pytest.fixture
def channels(tenant):
    return {kind: tenant.channel(kind) for kind in ("slack", "hipchat", "webhook")}


def flags(tenant, run: int) -> list[str]:
    ids = {"organization": tenant.number, "project": 9, "load-test": 1001, "run": run, "user": 7, "name": "Checkout"}
    return [part for name, value in ids.items() for part in (f"--{name}", str(value))]


def watch_settings(tenant) -> dict[str, str]:
    return {"RUNBELL_URL": tenant.service.url, "RUNBELL_KEY": tenant.scheduler.key}


def wait_for_both(tenant, channels: dict) -> dict[str, list]:
    arrivals = {kind: tenant.receiver.wait_for(channel["at"], 2) for kind, channel in channels.items()}
    assert stays(lambda: all(len(tenant.receiver.arrivals(c["at"])) == 2 for c in channels.values()), 0.5)
    return arrivals


@each_script
def test_three_receivers_get_one_started_and_one_finished(tenant, channels, shop, runs, script):
    run = next(runs)
    watched = LoadTest(script.name, shop).watched(
        *flags(tenant, run), interrupt=script.interrupt, **watch_settings(tenant)
    )
    assert watched.returncode == script.exit_code, watched.stderr
    arrivals = wait_for_both(tenant, channels)
    first, last = (arrival.json for arrival in arrivals["webhook"])
    ids = {"organization_id": tenant.number, "project_id": 9, "load_test_id": 1001, "load_test_run_id": run}
    common = ids | {"user_id": 7, "name": "Checkout"}
    assert first == common | {"event": "test.started", "status": 2, "status_text": "Running"}
    assert last == common | {"event": "test.finished", "status": script.status, "status_text": script.words}
    for kind in ("slack", "hipchat"):
        beginning, end = (json.dumps(arrival.json) for arrival in arrivals[kind])
        assert "started" in beginning.lower()
        assert script.words in end
        assert script.words == "Finished" or script.words not in beginning


@each_script
def test_the_exit_code_is_that_of_the_script_alone(shop, script):
    before = shop.count()
    alone = LoadTest(script.name, shop).run(interrupt=script.interrupt)
    assert alone.returncode == script.exit_code, alone.stderr
    assert shop.count() > before, "the load test did not reach the shop"


@each_script
def test_with_the_service_stopped_the_test_still_runs(tenant, shop, runs, script):
    before = shop.count()
    away = watch_settings(tenant) | {"RUNBELL_URL": f"http://127.0.0.1:{free_port()}"}
    watched = LoadTest(script.name, shop).watched(*flags(tenant, next(runs)), interrupt=script.interrupt, **away)
    assert watched.returncode == script.exit_code, watched.stderr
    assert shop.count() > before
    assert re.search(r"test\.started|notif|service|event", watched.stderr), watched.stderr


def test_an_unknown_key_does_not_stop_the_test(tenant, shop, runs):
    made = expect(tenant.owner.post(f"{tenant.path}/keys", {"name": "x", "scopes": ["events:write"]}), 201)
    expect(tenant.owner.delete(f"{tenant.path}/keys/{made['id']}"), 204)
    settings = watch_settings(tenant) | {"RUNBELL_KEY": made["key"]}
    watched = LoadTest("fails_threshold", shop).watched(*flags(tenant, next(runs)), **settings)
    assert watched.returncode == 99
    assert "was not sent" in watched.stderr
    assert made["key"] not in watched.stderr


def test_a_mistyped_key_does_not_stop_the_test(tenant, shop, runs):
    mistyped = tenant.scheduler.key[:-1]
    settings = watch_settings(tenant) | {"RUNBELL_KEY": mistyped}
    watched = LoadTest("fails_threshold", shop).watched(*flags(tenant, next(runs)), **settings)
    assert watched.returncode == 99
    assert "was not sent" in watched.stderr
    assert mistyped not in watched.stderr


def test_without_a_key_or_its_defaults_the_test_runs_and_its_exit_code_is_returned(tenant, shop, runs):
    fork = watch_settings(tenant) | {"RUNBELL_KEY": ""}
    watched = LoadTest("fails_threshold", shop).watched(*flags(tenant, next(runs)), **fork)
    assert watched.returncode == 99, watched.stderr
    assert "nobody will be notified" in watched.stderr
    assert "RUNBELL_KEY" in watched.stderr
    watched = tenant.service.run("watch", "--", "sh", "-c", "exit 7", key=tenant.scheduler.key)
    assert watched.returncode == 7, watched.stderr
    assert "--user or RUNBELL_USER" in watched.stderr
    assert "keys create --service" in watched.stderr


def test_flags_may_come_from_the_environment(tenant, channels, shop, runs):
    run = next(runs)
    names = {"ORGANIZATION": tenant.number, "PROJECT": 9, "LOAD_TEST": 1001, "RUN": run, "USER": 7, "NAME": "Checkout"}
    settings = watch_settings(tenant) | {f"RUNBELL_{name}": str(value) for name, value in names.items()}
    watched = LoadTest("passes", shop).watched(**settings)
    assert watched.returncode == 0, watched.stderr
    started, finished = (arrival.json for arrival in wait_for_both(tenant, channels)["webhook"])
    assert started["load_test_run_id"] == finished["load_test_run_id"] == run


def test_in_ci_a_key_with_defaults_is_enough(tenant, channels, tmp_path):
    draft = {"name": "CI", "scopes": ["events:write"], "default_project_id": 3, "default_user_id": 8}
    key = expect(tenant.owner.post(f"{tenant.path}/keys", draft), 201)["key"]
    script, summary = tmp_path / "load.sh", tmp_path / "summary.md"
    script.write_text("exit 99")
    summary.write_text("")
    job = {"GITHUB_ACTIONS": "true", "GITHUB_WORKFLOW": "Nightly", "GITHUB_RUN_ID": "8"}
    variables = job | {"GITHUB_STEP_SUMMARY": str(summary)}
    watched = tenant.service.run("watch", "--", "sh", str(script), key=key, **variables)
    assert watched.returncode == 99, watched.stderr
    started, finished = (arrival.json for arrival in wait_for_both(tenant, channels)["webhook"])
    assert started["load_test_run_id"] == finished["load_test_run_id"]
    assert (finished["project_id"], finished["user_id"], finished["status"]) == (3, 8, 12)
    assert finished["name"] == "Nightly: load.sh"
    page = f"{tenant.service.url}/organizations/{tenant.number}/runs/{finished['load_test_run_id']}"
    line = watched.stderr.splitlines()[-1]
    assert line.startswith("3 channels notified: ")
    assert line.endswith(page)
    assert all(channel["name"] in line for channel in channels.values())
    assert summary.read_text().count("| notified |") == 3
    assert f"(<{page}>)" in summary.read_text()


def test_without_a_number_each_run_gets_a_fresh_one(tenant, channels, shop):
    without = flags(tenant, 0)
    position = without.index("--run")
    del without[position : position + 2]
    for _ in range(2):
        watched = LoadTest("throws", shop).watched(*without, **watch_settings(tenant))
        assert watched.returncode == 107, watched.stderr
    arrivals = tenant.receiver.wait_for(channels["webhook"]["at"], 4)
    numbers = [arrival.json["load_test_run_id"] for arrival in arrivals]
    assert len(set(numbers)) == 2


@pytest.mark.parametrize(("code", "status"), [(0, 3), (99, 12), (105, 6), (107, 9), (108, 9), (1, 8), (104, 8)])
def test_the_status_is_read_from_the_exit_code(tenant, channels, runs, code, status):
    command = ["watch", *flags(tenant, next(runs)), "--", "sh", "-c", f"exit {code}"]
    watched = tenant.service.run(*command, key=tenant.scheduler.key)
    assert watched.returncode == code
    assert wait_for_both(tenant, channels)["webhook"][1].json["status"] == status


def test_the_exit_codes_of_another_tool_are_given(tenant, channels, runs):
    given = ["--exit-code", "2=failed-threshold", "--exit-code", "99=timed-out"]
    for code, status in ((2, 12), (99, 4), (105, 6)):
        command = ["watch", *flags(tenant, next(runs)), *given, "--", "sh", "-c", f"exit {code}"]
        watched = tenant.service.run(*command, key=tenant.scheduler.key)
        assert watched.returncode == code, watched.stderr
        newest = tenant.owner.get(f"{tenant.path}/events?limit=1").json()["data"][0]
        assert newest["content"]["status"] == status


def test_the_command_keeps_its_own_input_and_output(tenant, channels, runs):
    command = ["watch", *flags(tenant, next(runs)), "--", "sh", "-c", "echo to out; echo to err >&2"]
    watched = tenant.service.run(*command, key=tenant.scheduler.key)
    assert watched.stdout == "to out\n"
    assert "to err\n" in watched.stderr


@pytest.mark.parametrize(
    ("name", "ends", "status"), [("HUP", "exit 0", 3), ("HUP", "exit 99", 12), ("INT", "kill -KILL $$", 6)]
)
def test_a_hang_up_under_nohup_ends_no_run(tenant, runs, name, ends, status):
    """What was ignored from the start asks nothing of the command, unless it dies of a signal."""
    channel, run = tenant.channel("webhook"), next(runs)
    command = f"sleep 0.5; kill -{name} $PPID; sleep 1.5; {ends}"
    watch = shlex.join([str(binary()), "watch", *flags(tenant, run), "--", "sh", "-c", command])
    ignoring = ["sh", "-c", f"trap '' {name}; exec {watch}"]
    variables = clean_environment() | watch_settings(tenant)
    subprocess.run(ignoring, env=variables, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)
    ended = tenant.receiver.wait_for(channel["at"], 2)[-1].json
    assert (ended["event"], ended["status"]) == ("test.finished", status)

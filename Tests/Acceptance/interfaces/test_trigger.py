"""`runbell trigger` tries channels without a load test."""

import json

import pytest

from harness.events import FINAL, STATUS_TEXTS


def trigger(tenant, *arguments: str):
    return tenant.service.run(
        "trigger", "--organization", str(tenant.number), "--takes", "1s", *arguments, key=tenant.scheduler.key
    )


def test_a_whole_run_is_notified(tenant):
    channel = tenant.channel("webhook")
    tenant.channel("webhook", "elsewhere", subscription={"project_ids": [77]})
    done = trigger(tenant)
    assert done.returncode == 0, done.stderr
    start, end = done.stdout.splitlines()
    assert start.startswith("test.started, Running: 1 to be delivered, 1 skipped (event ")
    assert end.startswith("test.finished, Finished: 1 to be delivered, 1 skipped (event ")
    begun, ended = (arrival.json for arrival in tenant.receiver.wait_for(channel["at"], 2))
    assert (begun["event"], ended["event"]) == ("test.started", "test.finished")
    assert begun["load_test_run_id"] == ended["load_test_run_id"]
    assert {begun[key] for key in ("project_id", "load_test_id", "user_id")} == {1}
    listed = tenant.service.run(
        *done.stderr.split("runbell ")[1].split(), "--organization", str(tenant.number), key=tenant.owner.key
    )
    assert len(listed.stdout.splitlines()) == 3, listed.stderr


@pytest.mark.parametrize("status", FINAL)
def test_every_end_can_be_tried(tenant, status):
    channel = tenant.channel("webhook")
    word = STATUS_TEXTS[status].lower().replace(" ", "-")
    done = trigger(tenant, "--status", word, "--name", "Checkout", "--project", "3", "--json")
    assert [json.loads(line)["deliveries"]["due"] for line in done.stdout.splitlines()] == [1, 1]
    _, ended = tenant.receiver.wait_for(channel["at"], 2)
    assert (ended.json["status"], ended.json["name"], ended.json["project_id"]) == (status, "Checkout", 3)


def test_without_channels_it_says_how_to_add_one(tenant):
    done = tenant.service.run("trigger", "--takes", "1s", key=tenant.scheduler.key)
    assert (done.returncode, "channels add" in done.stderr) == (0, True), done.stderr


def test_what_is_missing_or_wrong_is_named(tenant):
    no_organization = tenant.service.run("trigger", key=tenant.service.operator.key)
    assert (no_organization.returncode, no_organization.stdout) == (2, "")
    refused = tenant.service.run("trigger", "--organization", str(tenant.number), key=tenant.owner.key)
    assert (refused.returncode, refused.stdout) == (2, "")
    wrong = trigger(tenant, "--status", "failed-treshold")
    assert wrong.returncode == 64
    assert "Did you mean failed-threshold?" in wrong.stderr

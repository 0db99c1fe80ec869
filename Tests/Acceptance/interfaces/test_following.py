"""Lists that go on: `events list --follow`, `deliveries list --follow`; and their filters."""

import json

from harness.answer import Answer
from harness.events import TEST_EVENT, finished, started
from harness.running_command import RunningCommand


def run(tenant, *arguments: str):
    done = tenant.service.run(*arguments, "--organization", str(tenant.number), key=tenant.owner.key)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_events_are_followed(tenant, runs):
    """What is there comes first, oldest first, then each event once and in its order."""
    for _ in range(3):
        tenant.post(started(tenant.number, next(runs)))
    with RunningCommand(tenant, "events", "list", "--follow", "--limit", "2", "--json") as followed:
        assert [followed.json()["sequence"] for _ in range(2)] == [2, 3]
        posted = [tenant.post(started(tenant.number, next(runs)))["id"] for _ in range(130)]
        told = [followed.json() for _ in posted]
        assert [each["id"] for each in told] == posted
        assert [each["sequence"] for each in told] == list(range(4, 134))


def test_followed_events_are_filtered_and_shown_as_a_table(tenant, runs):
    options = ["events", "list", "--follow", "--statuses", "failed", "--type", "test.finished"]
    with RunningCommand(tenant, *options) as followed:
        assert followed.line().split() == ["ID", "NUMBER", "RECEIVED", "EVENT", "RUN", "STATUS", "NAME"]
        run = next(runs)
        tenant.post(started(tenant.number, run))
        tenant.post(finished(tenant.number, run, 3))
        tenant.post(TEST_EVENT)
        event = tenant.post(finished(tenant.number, run, 12))["id"]
        assert followed.line().split()[0] == event
        assert followed.is_silent(1)


def test_deliveries_are_followed(tenant, runs):
    """A line when one is made, and for each change."""
    channel = tenant.channel("webhook", "Team")
    tenant.channel("webhook", "Other")
    tenant.receiver.script(channel["at"], Answer(503, headers=(("Retry-After", "1"),)))
    with RunningCommand(tenant, "deliveries", "list", "--channel", "team", "--follow", "--json") as followed:
        event = tenant.post(started(tenant.number, next(runs)))["id"]
        told = [followed.json()]
        while told[-1]["state"] != "delivered":
            told.append(followed.json(60))
        assert {(each["event_id"], each["channel_id"]) for each in told} == {(event, channel["id"])}
        assert len({json.dumps(each) for each in told}) == len(told)
        assert followed.is_silent(2)


def test_events_are_filtered_by_status_and_age(tenant, runs):
    for status in (3, 12, 9):
        tenant.post(finished(tenant.number, next(runs), status))
    for statuses, found in ((["failed"], [9, 12]), (["12", "finished"], [12, 3]), (["9,12"], [9, 12])):
        listed = json.loads(run(tenant, "events", "list", "--json", "--statuses", *statuses))["data"]
        assert [event["content"]["status"] for event in listed] == found
        since = json.loads(run(tenant, "events", "list", "--json", "--since", "1h", "--statuses", *statuses))["data"]
        assert since == listed
    assert json.loads(run(tenant, "events", "list", "--json", "--until", "1h"))["data"] == []
    assert len(json.loads(run(tenant, "deliveries", "list", "--json", "--since", "2d"))["data"]) == 0


def test_a_test_waits_for_its_receiver(tenant):
    channel = tenant.channel("webhook", "Starting")
    tenant.receiver.script(channel["at"], Answer(503), Answer(503))
    arguments = ["channels", "test", "Starting", "--organization", str(tenant.number)]
    waited = tenant.service.run(*arguments, "--wait", "30s", key=tenant.owner.key)
    assert waited.returncode == 0, waited.stderr
    assert waited.stderr.count("Trying again") == 1
    assert len(tenant.receiver.arrivals(channel["at"])) == 3
    tenant.receiver.script(channel["at"], Answer(503), Answer(410))
    at_once = tenant.service.run(*arguments, key=tenant.owner.key)
    gone = tenant.service.run(*arguments, "--wait", "30s", key=tenant.owner.key)
    assert (at_once.returncode, gone.returncode) == (1, 1)
    assert len(tenant.receiver.arrivals(channel["at"])) == 5

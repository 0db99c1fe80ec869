"""Replays: counted first, paced, steered, and going on after a kill -9."""

from harness.answer import OK, Answer
from harness.client import expect
from harness.events import finished, started
from harness.tenant import Tenant
from harness.waiting import wait_until

LONG_AGO = "2020-01-01T00:00:00Z"


def start(tenant, channel, states, status=202, **more):
    body = {"channel_id": channel["id"], "since": LONG_AGO, "states": states, **more}
    return expect(tenant.owner.post(f"{tenant.path}/replays", body), status)


def report(tenant, replay):
    return expect(tenant.owner.get(f"{tenant.path}/replays/{replay['id']}"), 200)


def ended(tenant, replay, deliveries: int):
    """The report when the replay is at its end and so many of its deliveries have arrived."""

    def is_over() -> dict | None:
        found = report(tenant, replay)
        return found if found["state"] == "finished" and found["deliveries"]["delivered"] == deliveries else None

    return wait_until(is_over, 20, lambda: str(report(tenant, replay)))


def balanced(tenant) -> bool:
    return expect(tenant.owner.get(f"{tenant.path}/ledger"), 200)["balanced"]


def test_failed_deliveries_are_delivered_under_the_same_id(tenant):
    channel = tenant.channel("slack", max_per_minute=600)
    tenant.receiver.script(channel["at"], default=Answer(400, b"invalid_payload"))
    for run in range(12):
        accepted = tenant.post(finished(tenant.number, run))
        tenant.settled(accepted["id"], channel)
    tenant.receiver.script(channel["at"], default=OK)
    before = len(tenant.receiver.arrivals(channel["at"]))
    plan = start(tenant, channel, ["failed", "skipped"], status=200, dry_run=True)
    assert (plan["count"], plan["states"]["failed"]) == (12, 12)
    assert abs(plan["expected_seconds"] - 2.4) < 0.1
    replay = start(tenant, channel, ["failed"])
    tenant.receiver.script(channel["at"], default=lambda _: Answer(200, b"ok"))
    over = ended(tenant, replay, 12)
    assert (over["total"], over["requeued"], over["skipped"]) == (12, 12, 0)
    arrivals = tenant.receiver.arrivals(channel["at"])[before:]
    assert len(arrivals) == 12
    assert all(item["attempt_count"] == 2 for item in tenant.deliveries(channel))
    actions = [entry["action"] for entry in tenant.audit() if entry["action"].startswith("replay.")]
    assert actions == ["replay.started", "replay.finished"]
    assert balanced(tenant)


def test_a_delivered_event_keeps_its_first_arrival(tenant):
    channel = tenant.channel("webhook", max_per_minute=6000)
    accepted = tenant.post(finished(tenant.number, 1))
    tenant.settled(accepted["id"], channel)
    before = tenant.outcome(accepted["id"], channel)["text"]
    assert before.startswith("Delivered on the 1st attempt, ")
    replay = start(tenant, channel, ["delivered"])
    ended(tenant, replay, 1)
    after = tenant.outcome(accepted["id"], channel)["text"]
    assert after.startswith("Delivered on the 1st attempt, "), after
    assert "again on the 2nd attempt" in after


def test_events_from_before_the_channel_are_delivered_and_the_ledger_balances(tenant):
    accepted = [tenant.post(started(tenant.number, run))["id"] for run in range(5)]
    channel = tenant.channel("webhook", "late", max_per_minute=6000)
    assert tenant.outcome(accepted[0], channel)["reason"] == "did_not_exist"
    replay = start(tenant, channel, ["missing"])
    over = ended(tenant, replay, 5)
    assert over["requeued"] == 5
    runs = [arrival.json["load_test_run_id"] for arrival in tenant.receiver.arrivals(channel["at"])]
    assert sorted(runs) == [0, 1, 2, 3, 4]
    assert tenant.outcome(accepted[0], channel)["state"] == "delivered"
    assert balanced(tenant)
    assert start(tenant, channel, ["missing"], status=200, dry_run=True)["count"] == 0


def test_a_replay_continues_after_a_kill(make_service, receiver):
    service = make_service().start()
    tenant = Tenant(service, receiver)
    accepted = [tenant.post(started(tenant.number, run))["id"] for run in range(30)]
    channel = tenant.channel("webhook", "late")
    replay = start(tenant, channel, ["missing"], per_minute=600)
    receiver.wait_for(channel["at"], 5)
    service.kill()
    service.start()
    over = ended(tenant, replay, 30)
    assert over["requeued"] == 30
    ids = {arrival.header("X-LoadImpact-ID") for arrival in receiver.arrivals(channel["at"])}
    assert len(ids) == len(accepted)
    assert balanced(tenant)


def test_the_command_line_starts_and_controls_a_replay(tenant):
    for run in range(3):
        tenant.post(started(tenant.number, run))
    channel = tenant.channel("webhook", "late")
    where = ("--organization", str(tenant.number))

    def run(*arguments: str, code: int = 0) -> str:
        done = tenant.service.run("replays", *arguments, *where, key=tenant.owner.key)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    wish = ("start", "--channel", channel["id"], "--since", LONG_AGO, "--per-minute", "1", "--states", "missing")
    assert "would send    3" in run(*wish, "--dry-run")
    assert "running" in run(*wish)
    run(*wish, code=2)
    (replay,) = tenant.owner.every(f"{tenant.path}/replays")
    assert "paused" in run("pause", replay["id"])
    assert "running" in run("resume", replay["id"])
    assert "cancelled" in run("cancel", replay["id"])
    assert replay["id"] in run("list")
    assert "cancelled" in run("show", replay["id"])

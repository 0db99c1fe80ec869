"""Channels that are paused and resumed, and what the program says of every channel."""

from datetime import UTC, datetime

from harness.answer import Answer
from harness.client import expect
from harness.events import finished, started
from harness.tenant import Tenant
from harness.waiting import stays


def resume(tenant, channel, **body):
    return expect(tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/resume", body), 200)


def pause(tenant, channel):
    return expect(tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/pause"), 200)


def test_held_deliveries_are_sent_paced_and_oldest_first(tenant):
    channel = tenant.channel("webhook")
    other = tenant.channel("webhook", "other")
    pause(tenant, channel)
    for run in range(8):
        tenant.post(started(tenant.number, run))
    tenant.receiver.wait_for(other["at"], 8)
    assert stays(lambda: not tenant.receiver.arrivals(channel["at"]), 1)
    assert resume(tenant, channel)["state"] == "enabled"
    arrivals = tenant.receiver.wait_for(channel["at"], 8)
    # Two that are under way at the same time may pass each other.
    order = [arrival.json["load_test_run_id"] for arrival in arrivals]
    assert sorted(order) == list(range(8))
    assert all(abs(place - run) <= 2 for place, run in enumerate(order)), order
    took = arrivals[-1].at - arrivals[0].at
    assert 1.0 < took < 4, f"eight at five a second took {took:.2f} s"


def test_resuming_can_skip_old_events(tenant):
    channel = tenant.channel("webhook")
    pause(tenant, channel)
    old = tenant.post(started(tenant.number, 1))["id"]
    limit = datetime.now(UTC).isoformat()
    new = tenant.post(started(tenant.number, 2))["id"]
    resume(tenant, channel, skip_older_than=limit)
    assert tenant.settled(new, channel)["state"] == "delivered"
    left_out = tenant.settled(old, channel)
    assert (left_out["state"], left_out["reason"]) == ("skipped", "channel_paused")
    assert "User 1 resumed it on" in left_out["text"]


def test_a_pause_survives_a_restart(make_service, receiver):
    service = make_service().start()
    tenant = Tenant(service, receiver)
    channel = tenant.channel("webhook")
    pause(tenant, channel)
    accepted = tenant.post(started(tenant.number, 1))["id"]
    service.kill()
    service.start()
    assert stays(lambda: tenant.outcome(accepted, channel)["state"] == "due", 1)
    resume(tenant, channel)
    assert tenant.settled(accepted, channel)["state"] == "delivered"


def test_explain_prints_one_line_for_every_channel(tenant):
    wants = tenant.channel("slack", "wants failures", subscription={"statuses": [12]})
    arrives = tenant.channel("webhook", "arrives")
    disabled = tenant.channel("webhook", "disabled", enabled=False)
    held = tenant.channel("webhook", "held")
    waits = tenant.channel("slack", "waits")
    tenant.receiver.script(waits["at"], Answer(429, b"rate_limited", headers=(("Retry-After", "3600"),)))
    pause(tenant, held)
    accepted = tenant.post(finished(tenant.number, 1))["id"]
    tenant.settled(accepted, arrives)
    tenant.seconds_until_due(accepted, waits)
    tenant.channel("webhook", "late")
    done = tenant.service.run("events", "explain", accepted, "--organization", str(tenant.number), key=tenant.owner.key)
    assert done.returncode == 0, done.stderr
    lines = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert len(lines) == 6, done.stdout
    assert (
        lines["wants failures (slack)"] == "Skipped because the channel wants only runs that end as Failed threshold."
    )
    assert lines["arrives (webhook)"].startswith("Delivered on the 1st attempt, ")
    assert lines["disabled (webhook)"].startswith("Skipped because user 1 disabled the channel on ")
    assert lines["held (webhook)"].startswith("Queued: user 1 paused the channel on ")
    assert "Runbell will retry at " in lines["waits (slack)"]
    assert "Slack" in lines["waits (slack)"]
    assert lines["late (webhook)"].startswith("Not sent: the channel was created later, on ")
    assert {wants["id"], disabled["id"]} <= set(tenant.outcomes(accepted))


def test_the_command_line_pauses_resumes_and_sets(tenant):
    channel = tenant.channel("webhook")
    where = ("--organization", str(tenant.number))

    def run(*arguments: str) -> str:
        done = tenant.service.run(*arguments, *where, key=tenant.owner.key)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "paused" in run("channels", "pause", channel["id"])
    assert "enabled" in run("channels", "resume", channel["id"], "--skip-older-than", "2026-01-01T00:00:00Z")
    assert "30" in run("channels", "edit", channel["id"], "--max-per-minute", "30")
    assert tenant.shown(channel)["max_per_minute"] == 30
    run("channels", "edit", channel["id"], "--max-per-minute", "0")
    assert tenant.shown(channel)["max_per_minute"] is None
    shown = run("organizations", "set", "--fallback-channel", channel["id"], "--retention-days", "30")
    assert channel["id"] in shown
    assert "30 days" in shown
    again = tenant.service.run("channels", "resume", channel["id"], *where, key=tenant.owner.key)
    assert again.returncode == 2
    assert "only a paused one can be resumed" in again.stderr

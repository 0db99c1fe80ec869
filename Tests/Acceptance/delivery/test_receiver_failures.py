"""A receiver that is dead costs next to nothing, and one that asks for time gets it; the others notice nothing."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from harness.answer import OK, Answer
from harness.client import expect
from harness.events import finished
from harness.resetting_receiver import ResettingReceiver
from harness.waiting import wait_until

EVENTS = 40
CHANNEL_LIMIT = 8
FAILURES = 5
"""In a row; then the circuit opens."""
FIRST_PROBE = 30.0
SETTLING = 2.0
"""Seconds until what was under way when the circuit opened has ended."""
HOLD = 10
"""Seconds that the receiver asks for; more than the first retry would take."""
PUNCTUALITY = 3.0
"""Seconds that a busy machine may be late."""


@pytest.fixture
def dead():
    receiver = ResettingReceiver()
    yield receiver
    receiver.close()


@pytest.mark.timeout(120)
def test_a_dead_receiver_gets_one_connection_a_probe(tenant, dead, runs):
    draft = {"kind": "webhook", "name": "dead", "settings": {"url": dead.url}}
    channel = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)
    begin = time.monotonic()
    events = [tenant.post(finished(tenant.number, next(runs)))["id"] for _ in range(EVENTS)]
    time.sleep(max(0, begin + FIRST_PROBE + PUNCTUALITY + 5 - time.monotonic()))
    opened = dead.connections[FAILURES - 1]
    at_first = dead.between(begin, opened + SETTLING)
    assert FAILURES <= at_first < FAILURES + CHANNEL_LIMIT, "the circuit did not open"
    assert dead.between(opened + SETTLING, opened + FIRST_PROBE - 1) == 0, "it was tried while its circuit was open"
    probes = dead.between(opened + FIRST_PROBE - 1, opened + FIRST_PROBE + PUNCTUALITY)
    assert probes == 1, f"{probes} connections for one probe"
    assert len(dead.connections) == at_first + probes
    text = tenant.outcome(events[-1], channel)["text"]
    print(f"\n{at_first} connections until the circuit was open, {probes} for the first probe; {text!r}")
    assert "circuit" in text or "probe" in text, text


def in_seconds() -> str:
    return str(HOLD)


def as_date() -> str:
    """RFC 9110, 5.6.7; a date has whole seconds, so the next one."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=HOLD + 1), usegmt=True)


@pytest.mark.parametrize("retry_after", [in_seconds, as_date])
def test_nothing_is_sent_before_the_time_that_a_receiver_asked_for(tenant, runs, retry_after: Callable[[], str]):
    busy, other = tenant.channel("webhook", "busy"), tenant.channel("webhook", "other")
    receiver = tenant.receiver
    receiver.script(busy["at"], Answer(429, b"slowly", (("Retry-After", retry_after()),)), default=OK)
    events = [tenant.post(finished(tenant.number, next(runs)))["id"]]
    (refused,) = receiver.wait_for(busy["at"])
    wait_until(lambda: tenant.outcome(events[0], busy)["state"] == "due", 5)
    events += [tenant.post(finished(tenant.number, next(runs)))["id"] for _ in range(10)]
    others = receiver.wait_for(other["at"], len(events), timeout=HOLD / 2)
    assert others[-1].at < refused.answered_at + HOLD
    texts = [tenant.outcome(event, busy)["text"] for event in events[:2]]
    arrivals = receiver.wait_for(busy["at"], len(events) + 1, timeout=HOLD * 2)[1:]
    waited = [arrival.at - refused.answered_at for arrival in arrivals]
    print(f"\nasked for {HOLD} s, waited {min(waited):.2f} to {max(waited):.2f} s")
    assert min(waited) >= HOLD - 0.1
    assert max(waited) < HOLD + 1 + PUNCTUALITY
    # Both the one that was refused and those that wait behind it say why.
    assert all("429" in text for text in texts), texts

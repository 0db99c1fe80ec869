"""Receivers that drip, flood, lie, break off or say nothing, through the whole service: each attempt ends by its
deadline and is explained in words."""

import re
from dataclasses import dataclass

import pytest

from harness import hostile_receiver as hostile
from harness.client import expect
from harness.events import finished
from harness.hostile_receiver import Behavior, HostileReceiver
from harness.tenant import Tenant
from harness.waiting import wait_until

DEADLINE = 15.0
GRACE = 0.25
SOON = 5.0
"""Seconds after which an answer that is no answer has long been seen through, on a busy machine too."""
ANSWER_KEPT = 4096
TRIES = 3
"""Somebody else may hold the processors for a moment; three times in a row is no accident."""


@dataclass(frozen=True)
class Case:
    behavior: Behavior
    reason: str
    """The finding's code; none when the answer counts."""
    words: str
    """What the explanation must say."""

    @property
    def name(self) -> str:
        return self.behavior.__name__

    @property
    def takes_all_the_time(self) -> bool:
        return self.reason.startswith("timeout")


CASES = [
    Case(hostile.never_answering, "timeout.waiting", "Timed out while waiting for the response"),
    Case(hostile.head_dripped, "timeout.waiting", "Timed out while waiting for the response"),
    Case(hostile.body_dripped, "timeout.reading", "Timed out while reading the response"),
    Case(hostile.chunks_dripped, "timeout.reading", "Timed out while reading the response"),
    Case(hostile.half_a_handshake, "timeout.tls", "Timed out during the TLS handshake"),
    Case(hostile.endless_body, "", "[Dd]elivered"),
    Case(hostile.gzip_bomb, "", "[Dd]elivered"),
    Case(hostile.head_of_four_megabytes, "malformed", "response headers are too large"),
    Case(hostile.continue_flood, "malformed", "too many informational responses"),
    Case(hostile.negative_length, "malformed", "did not send an HTTP/1.1 response"),
    Case(hostile.two_lengths, "malformed", "did not send an HTTP/1.1 response"),
    Case(hostile.reset, "disconnected", "closed the connection before it had responded"),
    Case(hostile.close_early, "disconnected", "closed the connection before it had responded"),
]


@pytest.fixture
def hostile_receiver():
    receiver = HostileReceiver(**{case.name: case.behavior for case in CASES})
    yield receiver
    receiver.close()


@dataclass
class Attempt:
    case: Case
    shown: dict
    text: str
    """What the event's outcome says."""
    held: float
    """Seconds for which the receiver had the connection."""

    @property
    def seconds(self) -> float:
        return self.shown["duration_ms"] / 1000

    @property
    def is_in_time(self) -> bool:
        if self.case.takes_all_the_time:
            return self.seconds <= DEADLINE + GRACE and self.held <= DEADLINE + GRACE
        return self.seconds <= SOON


def attempt_all(tenant: Tenant, receiver: HostileReceiver, run: int) -> list[Attempt]:
    """One event to a channel of each case, all at once."""
    channels = {case: save(tenant, case.name, receiver.url(case.name)) for case in CASES}
    event = tenant.post(finished(tenant.number, run))["id"]
    wait_until(lambda: all(tried(tenant, channel) for channel in channels.values()), DEADLINE + 10, pause=0.2)
    outcomes = tenant.outcomes(event)
    return [
        Attempt(case, tried(tenant, channel), outcomes[channel["id"]]["text"], held(receiver, case))
        for case, channel in channels.items()
    ]


def save(tenant: Tenant, name: str, url: str) -> dict:
    draft = {"kind": "webhook", "name": name, "settings": {"url": url}}
    return expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)


def tried(tenant: Tenant, channel: dict) -> dict | None:
    """The first attempt of the channel's only delivery."""
    (delivery,) = tenant.deliveries(channel)
    attempts = expect(tenant.owner.get(f"{tenant.path}/deliveries/{delivery['id']}"), 200)["attempts"]
    return attempts[0] if attempts else None


def held(receiver: HostileReceiver, case: Case) -> float:
    visit = receiver.visits[case.name][-1]
    return visit.left_at - visit.came_at


@pytest.mark.timeout(120)
def test_each_attempt_ends_by_its_deadline_and_is_explained(service, hostile_receiver, runs):
    for _ in range(TRIES):
        attempts = attempt_all(Tenant(service), hostile_receiver, next(runs))
        for attempt in attempts:
            check_explanation(attempt)
        if all(attempt.is_in_time for attempt in attempts):
            break
    else:
        pytest.fail(f"over the time: {[(a.case.name, a.seconds, a.held) for a in attempts if not a.is_in_time]}")
    waited = [attempt for attempt in attempts if attempt.case.takes_all_the_time]
    assert all(attempt.seconds > DEADLINE - 0.5 for attempt in waited), "the deadline came too soon"
    seconds, held_for = max(a.seconds for a in waited), max(a.held for a in waited)
    print(f"\nended after {seconds:.3f} s at most; connections were held {held_for:.3f} s at most")


def check_explanation(attempt: Attempt):
    case, shown = attempt.case, attempt.shown
    finding = shown["finding"] or {"code": "", "text": ""}
    answer = shown.pop("answer") or ""
    story = f"{case.name}: {shown}, {attempt.text!r}, {answer[:200]!r}"
    assert finding["code"] == case.reason, story
    assert shown["verdict"] == ("retry" if case.reason else "delivered"), story
    assert re.search(case.words, finding["text"] if case.reason else attempt.text), story
    assert not case.reason or finding["text"] in attempt.text, story
    assert len(answer) <= ANSWER_KEPT, story

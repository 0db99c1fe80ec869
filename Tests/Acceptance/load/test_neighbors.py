"""Whatever one organization does within its limits, the next one hardly notices.

Each attack runs beside a victim whose p99 of accepting and of event to wire is measured alone and under attack, in the
same run: under twice its value alone, and under 250 ms. `make neighbors` shows the figures.
"""

import itertools
import json
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager

import pytest

from harness.answer import OK, Answer
from harness.attack import Attack, Call, Plan
from harness.backlog import batch, enable, pile_up
from harness.client import expect
from harness.events import finished, started
from harness.tenant import Tenant
from harness.victim import PER_SECOND, Figures, Victim
from harness.waiting import wait_until

pytestmark = [pytest.mark.alone, pytest.mark.timeout(300)]

FLOOR = float(os.environ.get("NEIGHBORS_FLOOR", "0.12"))
"""Seconds below which twice next to nothing is noise: attacker, receiver, victim and service share two processors, and
the debug build works for every request several times as long as a release."""
TRIES = int(os.environ.get("NEIGHBORS_TRIES", "3"))
"""Somebody else may take the processors while one of the figures is measured; three times in a row is no accident."""
ROUNDS = int(os.environ.get("NEIGHBORS_ROUNDS", "1"))
"""How often each try measures, alone and beside the attack in turns; the median counts, so a slow moment does not."""
EVENTS = 300
SECONDS = EVENTS / PER_SECOND + 2
HANGS = Answer(200, b"too late", delay=3600)
BACKLOG = 20_000


@pytest.fixture
def service(make_service):
    """One for each attack: what the last one left behind is not the next one's."""
    service = make_service().start()
    yield service
    service.kill()


@pytest.fixture
def victim(service, runs):
    victim = Victim(service, runs)
    victim.measure(EVENTS // 6)  # warm
    yield victim
    victim.close()


@pytest.fixture
def unharmed(victim):
    """Asserts that an attack, made anew for each try, leaves the victim as quick as it is alone."""

    def check(name: str, attack: Callable):
        tried = []
        for _ in range(TRIES):
            alone, beside, stories = [], [], []
            for _ in range(ROUNDS):
                alone.append(victim.measure(EVENTS))
                with attack() as told:
                    time.sleep(0.5)
                    beside.append(victim.measure(EVENTS))
                    stories.append(told() if callable(told) else told)
            quiet, busy, story = Figures.median(alone), Figures.median(beside), stories[-1]
            print(f"\n{name}: alone {quiet}; beside it {busy}; {story}")
            if quiet.bears(busy, FLOOR):
                return
            tried.append((str(quiet), str(busy)))
        pytest.fail(f"{name} is felt: {tried}")

    return check


@contextmanager
def attacking(tenant: Tenant, *calls: Call, **more):
    attack = Attack(Plan(tenant.service.url, SECONDS + 1, list(calls), **more))
    try:
        yield attack.counts
    finally:
        attack.end()


@contextmanager
def once(work: Callable[[], object]):
    """Work of the attacker's that goes on beside the measurement, in a thread."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()

    def story() -> str:
        thread.join(60)
        return str(found)[:300]

    try:
        yield story
    finally:
        thread.join(120)


def hanging(tenant: Tenant, count: int, **more) -> list[dict]:
    hooks = [tenant.channel("webhook", f"hangs{number}", **more) for number in range(count)]
    for hook in hooks:
        tenant.receiver.script(hook["at"], default=HANGS)
    return hooks


@pytest.fixture
def attacker(service, receiver):
    return Tenant(service, receiver)


@pytest.fixture
def rich(service, receiver, runs):
    """An organization with many deliveries of a channel that is paused: whatever lists them has much to read."""
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook")
    expect(tenant.owner.post(f"{tenant.path}/channels/{hook['id']}/pause"), 200)
    pile_up(tenant, runs, BACKLOG)
    return tenant


def test_large_batches_to_many_channels(unharmed, attacker, runs):
    for hook in hanging(attacker, 50):
        expect(attacker.owner.post(f"{attacker.path}/channels/{hook['id']}/pause"), 200)
    calls = [
        Call("POST", "/v1/events/batch", attacker.scheduler.key, json.dumps(batch(attacker, runs, 200)))
        for _ in range(4)
    ]
    unharmed("batches of 200 events to 50 channels", lambda: attacking(attacker, *calls, at_once=2))


def test_lists_whose_clients_leave(unharmed, rich):
    paths = ["deliveries?state=failed&limit=250", "deliveries?until=2020-01-01T00:00:00Z", "events?load_test_run_id=1"]
    calls = [Call("GET", f"{rich.path}/{path}", rich.member.key) for path in paths]
    unharmed("lists whose clients leave", lambda: attacking(rich, *calls, at_once=16, leaves_after=0.2))


def test_long_lists_without_an_end(unharmed, rich):
    paths = ["deliveries?limit=250", "events?limit=250", "deliveries?state=due&limit=250", "audit-log?limit=250"]
    calls = [Call("GET", f"{rich.path}/{path}", rich.member.key) for path in paths]
    unharmed("long lists", lambda: attacking(rich, *calls, at_once=2))


def test_a_ledger_without_an_end(unharmed, rich):
    unharmed("a ledger", lambda: attacking(rich, Call("GET", f"{rich.path}/ledger", rich.owner.key), at_once=2))


def test_an_export_without_an_end(unharmed, attacker):
    for number in range(300):
        expect(attacker.owner.patch(attacker.path, {"name": f"Renamed {number}"}), 200)
    export = Call("GET", f"{attacker.path}/audit-log/export", attacker.owner.key)
    unharmed("exports of the audit log", lambda: attacking(attacker, export, at_once=4))


def test_refused_reads(unharmed, attacker):
    calls = [Call("GET", f"{attacker.path}/{path}", attacker.member.key) for path in ("keys", "audit-log/export")]
    unharmed("refused reads", lambda: attacking(attacker, *calls, at_once=8))


def test_wrong_keys(unharmed, attacker):
    wrong = attacker.scheduler.key[:-8] + "00000000"
    unharmed("wrong keys", lambda: attacking(attacker, Call("GET", attacker.path, wrong), at_once=8))


def test_live_lists(unharmed, attacker, runs):
    cookie = attacker.session_cookie()
    path = f"/organizations/{attacker.number}/deliveries/live"
    attacker.channel("webhook")
    stream = Call("GET", path, headers={"Cookie": cookie, "Accept": "text/event-stream"})
    busy = Call("POST", "/v1/events/batch", attacker.scheduler.key, json.dumps(batch(attacker, runs, 5)))

    @contextmanager
    def attack():
        with attacking(attacker, stream, at_once=0, holds=128), attacking(attacker, busy, at_once=1) as told:
            yield told

    unharmed("128 live lists", attack)


@pytest.mark.parametrize("what", ["disable and enable", "resume", "remove"])
def test_a_channel_with_much_that_is_due_is_changed(unharmed, service, receiver, runs, what):
    @contextmanager
    def attack():
        tenant = Tenant(service, receiver)
        hook = hanging(tenant, 1)[0]
        path = f"{tenant.path}/channels/{hook['id']}"
        expect(tenant.owner.post(path + "/pause"), 200)
        pile_up(tenant, runs, BACKLOG)
        with once(lambda: change(tenant, path, what)) as told:
            yield told

    unharmed(f"{what}, with {BACKLOG} due", attack)


def change(tenant: Tenant, path: str, what: str) -> list[float]:
    """How long each step took."""
    steps = {
        "disable and enable": [lambda: enable(tenant, path, False), lambda: enable(tenant, path, True)],
        "resume": [lambda: tenant.owner.post(path + "/resume", timeout=60)],
        "remove": [lambda: tenant.owner.delete(path, timeout=60)],
    }[what]
    took = []
    for step in steps:
        begin = time.monotonic()
        answer = step()
        assert answer.status_code in (200, 202, 204), answer.text
        took.append(round(time.monotonic() - begin, 3))
        time.sleep(1)
    return took


def test_ends_of_runs_that_wait_for_their_starts(unharmed, attacker, runs):
    hook = hanging(attacker, 1)[0]
    numbers = list(itertools.islice(runs, 4_000))
    for kind in (started, finished):
        for part in range(0, len(numbers), 1000):
            events = [kind(attacker.number, run) for run in numbers[part : part + 1000]]
            wait_until(lambda events=events: taken(attacker, events), 60)
    assert attacker.receiver.wait_for(hook["at"], 1)
    unharmed("4,000 ends that wait", lambda: once(lambda: len(attacker.receiver.arrivals(hook["at"]))))


def taken(tenant: Tenant, events: list[dict]) -> bool:
    return tenant.scheduler.post("/v1/events/batch", {"events": events}, timeout=60).status_code == 202


def test_receivers_that_swallow_everything(unharmed, service, receiver, runs):
    @contextmanager
    def attack():
        # Each accepts nothing. On addresses of their own, for what is under way at one host has a limit by itself.
        holes = [socket.create_server((f"127.0.0.{number}", 0), backlog=1) for number in range(2, 10)]
        for number in range(16):
            tenant, (address, port) = Tenant(service, receiver), holes[number % 8].getsockname()
            for channel in range(63):
                draft = tenant.draft("webhook", str(channel)) | {
                    "settings": {"url": f"http://{address}:{port}/{channel}"}
                }
                expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)
            pile_up(tenant, runs, 63 * 4, channels=63)
        yield f"{16 * 63} receivers"
        for hole in holes:
            hole.close()

    unharmed("1,008 receivers of 16 organizations hang", attack)


def test_names_that_do_not_resolve(unharmed, attacker, runs):
    for number in range(64):
        settings = {"url": f"http://nobody{number}.invalid/hook"}
        expect(
            attacker.owner.post(
                f"{attacker.path}/channels", attacker.draft("webhook", str(number)) | {"settings": settings}
            ),
            201,
        )
    post = Call("POST", "/v1/events", attacker.scheduler.key, json.dumps(finished(attacker.number, next(runs))))
    unharmed("64 names that do not resolve", lambda: attacking(attacker, post, at_once=1))


def test_a_replay(unharmed, attacker, runs):
    accepted = pile_up_without_channels(attacker, runs, 5_000)
    channel = attacker.channel("webhook", "late", max_per_minute=6000)
    attacker.receiver.script(channel["at"], default=OK)
    body = {"channel_id": channel["id"], "since": "2020-01-01T00:00:00Z", "states": ["missing"], "per_minute": 3000}

    def replay():
        return attacker.owner.post(f"{attacker.path}/replays", body, timeout=60).status_code

    unharmed(f"a replay of {accepted} events", lambda: once(replay))


def pile_up_without_channels(tenant: Tenant, runs, count: int) -> int:
    for _ in range(count // 1000):
        wait_until(lambda: taken(tenant, batch(tenant, runs, 1000)["events"]), 60)
    return count


def test_names_of_members_that_are_hard_to_compare(unharmed, attacker):
    marks = ["a" + "\u0315\u0300\u05ae\u0301" * 12_000 + str(number) for number in range(2)]
    body = json.dumps({mark: 1 for mark in marks} | {f"b{number}": 1 for number in range(14)}, ensure_ascii=False)
    calls = [
        Call("POST", "/csp-reports", body=body, content_type="application/csp-report"),
        Call("POST", "/v1/events", attacker.scheduler.key, body),
    ]
    unharmed("names with many combining marks", lambda: attacking(attacker, *calls, at_once=1))


def test_sockets_that_sign_in_slowly(unharmed, attacker):
    """Others sign in, and the operator is served, beside many anonymous requests that never end."""
    slow = Call(
        "POST", "/login", headers={"Content-Length": "10000", "Content-Type": "application/x-www-form-urlencoded"}
    )

    @contextmanager
    def attack():
        with attacking(attacker, slow, at_once=0, holds=300) as told:
            refused = [a.status_code for a in operator_calls(attacker, 20) if a.status_code != 200]
            assert not refused, f"the operator was refused: {refused}"
            yield told

    unharmed("300 sign-ins that never end", attack)


def operator_calls(tenant: Tenant, count: int):
    return [tenant.service.operator.get(tenant.path) for _ in range(count)]

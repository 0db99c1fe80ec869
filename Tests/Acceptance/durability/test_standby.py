"""A streaming standby takes over under load: nothing that was acknowledged is lost, and the service goes on."""

import os
import threading
import time

import pytest

from harness.books import check_arrivals, check_events, wait_until_settled
from harness.client import expect
from harness.events import finished, started
from harness.load_generator import LoadGenerator
from harness.needs import needs
from harness.postgresql import programs
from harness.standby import Pair, pair
from harness.tenant import Tenant
from harness.waiting import wait_until

pytestmark = [
    pytest.mark.in_pairs,
    needs(programs() is not None, "no PostgreSQL server is installed"),
]

PER_SECOND = int(os.environ.get("STANDBY_PER_SECOND", "100"))
STATEMENT_TIMEOUT = 10
"""Seconds after which the server cancels whatever else takes long."""


INQUIRY = 10
"""Seconds for which the service asks what became of a commit."""


@pytest.fixture
def servers():
    with pair() as both:
        yield both


@pytest.fixture
def service(make_service, servers):
    return make_service(RUNBELL_DATABASE=servers.address).start()


@pytest.mark.parametrize("away", [0, INQUIRY + 1])
def test_a_promoted_standby_has_everything_that_was_acknowledged(
    service, servers: Pair, receiver, runs, tmp_path, away
):
    """At once; or so late that nobody has found out what became of the commit that was under way."""
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook")
    load = LoadGenerator(service.url, tenant.scheduler.key, tenant.number, PER_SECOND, runs)
    load.start()
    for user in range(100, 110):
        time.sleep(0.2)
        expect(tenant.owner.put(f"{tenant.path}/members/{user}", {"role": "member"}), 201)
    process = service.process
    servers.primary.kill()
    before = len(load.answers)
    killed = time.monotonic()
    if away:
        refused = tenant.scheduler.post("/v1/events", started(tenant.number, next(runs)))
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1"), refused.text
    time.sleep(max(0, killed + away - time.monotonic()))
    promoted = time.monotonic()
    servers.promote()
    wait_until(lambda: len(load.answers) > before, 5, "nothing was accepted after the promotion")
    back = time.monotonic()
    time.sleep(1)
    load.stop()
    assert service.process is process
    assert load.unexpected == []
    print(f"\n{before} events before the kill, {len(load.answers) - before} after it")
    print(f"back {back - promoted:.2f} s after the promotion, {back - killed:.2f} s after the kill")
    check_arrivals(tenant, [hook], load)
    check_events(tenant, load)
    wait_until_settled(tenant)
    checked = service.run("ledger", "check", "--whole", key=service.operator_key)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    exported = tmp_path / "audit.ndjson"
    exported.write_text(tenant.owner.get(f"{tenant.path}/audit-log/export").text)
    verified = service.run("audit", "verify", str(exported), "--master-key", str(service.data / "master.key"))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    added = [entry for entry in tenant.audit() if entry["action"] == "member.added"]
    assert len(added) == 10, "an acknowledged change is not in the audit log"


def test_a_restart_acknowledges_nothing_that_waited_for_the_standby(service, servers: Pair, runs):
    """The server says after its restart that the transaction is committed: on itself alone."""
    tenant = Tenant(service)
    run = next(runs)
    headers = {"Idempotency-Key": f"run-{run}"}
    answers = []

    def post():
        answers.append(tenant.scheduler.post("/v1/events", finished(tenant.number, run), headers=headers, timeout=60))

    _ = tenant.scheduler
    servers.standby.stop()
    waiting = threading.Thread(target=post)
    waiting.start()
    commits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    wait_until(lambda: servers.primary.run(commits) != "0", 10, "no commit waits")
    servers.primary.stop("fast")
    servers.primary.start()
    waiting.join(45)
    assert answers[0].status_code == 503, answers[0].text
    answers.clear()
    post()
    assert answers[0].status_code == 503, "it is not acknowledged later either"
    servers.standby.start()
    answers.clear()

    def is_accepted() -> bool:
        answers.clear()
        post()
        return answers[0].status_code in (200, 202)

    wait_until(is_accepted, 20, lambda: answers[0].text)


def test_what_the_standby_has_not_got_is_not_acknowledged(service, servers: Pair, receiver, runs):
    """However long the server waits for it: a wait that is cancelled counts as a success for PostgreSQL."""
    tenant = Tenant(service, receiver)
    _ = tenant.scheduler
    servers.standby.stop()
    run = next(runs)
    answers = []

    def post():
        headers = {"Idempotency-Key": f"run-{run}"}
        answers.append(tenant.scheduler.post("/v1/events", finished(tenant.number, run), headers=headers, timeout=60))

    waiting = threading.Thread(target=post)
    waiting.start()
    waiting.join(STATEMENT_TIMEOUT + 2)
    assert waiting.is_alive() or answers[0].status_code == 503, answers[0].text
    servers.primary.kill()
    waiting.join(45)
    assert answers[0].status_code == 503, answers[0].text
    servers.standby.start()
    servers.promote()
    answers.clear()

    def is_accepted() -> bool:
        answers.clear()
        post()
        return answers[0].status_code in (200, 202)

    wait_until(is_accepted, 10, lambda: answers[0].text)
    stored = tenant.owner.every(f"{tenant.path}/events")
    assert [event["id"] for event in stored] == [answers[0].json()["id"]]

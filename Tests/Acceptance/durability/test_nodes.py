"""Three nodes over PostgreSQL under load, one killed every five seconds: nothing is lost, and one does each thing.

NODES_SECONDS=60 NODES_PER_SECOND=300 for more.
"""

import itertools
import os
import random
import time

import pytest

from harness.answer import Answer
from harness.books import check_arrivals, check_events, deliveries_in, wait_until_settled
from harness.client import Client, expect
from harness.duplicates import duplicates
from harness.events import finished
from harness.load_generator import LoadGenerator
from harness.service import Service
from harness.storm import Kill
from harness.tenant import Tenant
from harness.waiting import wait_until

pytestmark = pytest.mark.alone

SECONDS = int(os.environ.get("NODES_SECONDS", "30"))
PER_SECOND = int(os.environ.get("NODES_PER_SECOND", "60"))
BETWEEN_KILLS = 5
DOWN = 1
GONE = 40
"""Seconds after which the others have taken over what a dead node was sending."""
COMMIT = 1.5
"""Seconds that three nodes on a busy machine may need to write down an answer."""
STEADY = Answer(200, b"received", delay=0.04)

TWICE = """
SELECT count(*) FROM (SELECT 1 FROM attempts WHERE verdict = 'delivered'
    GROUP BY organization_id, delivery_id HAVING count(*) > 1) twice
"""
GAPS = """
SELECT count(*) FROM (SELECT 1 FROM audit_entries
    GROUP BY organization_id HAVING count(*) <> max(sequence)) gaps
"""
CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


@pytest.fixture
def address(database_server) -> str:
    return database_server.new_database()


@pytest.fixture
def nodes(make_service, address) -> list[Service]:
    """The first one makes the keys."""
    first = make_service(RUNBELL_DATABASE=address).start()
    return [first] + [make_service(RUNBELL_DATABASE=address, **keys(first)).start() for _ in range(2)]


def keys(node: Service) -> dict[str, str]:
    return {
        "RUNBELL_MASTER_KEY_FILE": str(node.data / "master.key"),
        "RUNBELL_OPERATOR_KEY_FILE": str(node.data / "operator.key"),
    }


def listed(node: Service, key: str) -> list[dict]:
    return expect(Client(node.url, key).get("/v1/nodes"), 200)["data"]


def in_charge(node: Service, key: str) -> list[str]:
    return [one["id"] for one in listed(node, key) if one["is_alive"] and one["is_in_charge"]]


class Storm:
    def __init__(self, nodes: list[Service], tenant: Tenant):
        self.nodes, self.tenant = nodes, tenant
        self.kills: list[Kill] = []
        self.members = itertools.count(1_000)
        self.randomness = random.Random(4711)

    def kill(self, node: Service):
        at = time.monotonic()
        node.kill()
        self.kills.append(Kill("under load", at, time.monotonic(), []))

    def rage(self):
        end = time.monotonic() + SECONDS
        while (begin := time.monotonic()) < end:
            node = self.randomness.choice(self.nodes)
            self.kill(node)
            self.change([other for other in self.nodes if other is not node])
            time.sleep(DOWN)
            node.launch()
            time.sleep(max(0, begin + BETWEEN_KILLS - time.monotonic()))
        for node in self.nodes:
            node.wait_until_ready()

    def change(self, nodes: list[Service]):
        """Something for the audit log, on each that has started."""
        for node in filter(Service.is_ready, nodes):
            path = f"{self.tenant.path}/members/{next(self.members)}"
            Client(node.url, self.tenant.owner.key).put(path, {"role": "member"})


@pytest.mark.timeout(300)
def test_nodes_that_are_killed_lose_nothing(nodes, receiver, runs, database_server, address):
    key = nodes[0].operator_key
    tenant = Tenant(nodes[0], receiver)
    hook = tenant.channel("webhook")
    receiver.script(hook["at"], default=STEADY)
    wait_until(lambda: len(in_charge(nodes[1], key)) == 1, 15, "nobody is in charge")
    load = LoadGenerator([node.url for node in nodes], tenant.scheduler.key, tenant.number, PER_SECOND, runs)
    storm = Storm(nodes, tenant)
    load.start()
    try:
        storm.rage()
        database_server.ask(address, CUT)
        accepted_soon(tenant, load, next(runs))
    finally:
        load.stop()
    # The last one is not started again: the others take over.
    storm.kill(nodes[2])
    wait_until_settled(tenant, GONE)
    assert load.unexpected == []
    assert len(load.answers) > SECONDS * PER_SECOND / 5
    assert deliveries_in(tenant, "failed") == [], "something healthy was parked"
    check_arrivals(tenant, [hook], load)
    check_events(tenant, load)
    check_duplicates(tenant, hook, storm)
    assert database_server.ask(address, TWICE) == "0", "two nodes delivered the same with a valid token"
    assert database_server.ask(address, GAPS) == "0"
    done = nodes[0].run("ledger", "check", key=key)
    assert done.returncode == 0, done.stdout + done.stderr
    wait_until(lambda: len(listed(nodes[0], key)) == 2, GONE, lambda: str(listed(nodes[0], key)))
    wait_until(lambda: len(in_charge(nodes[0], key)) == 1, 15, lambda: str(listed(nodes[0], key)))
    for node in nodes:
        assert "was changed outside Runbell" not in node.log
    shown = nodes[1].run("nodes", key=key)
    assert shown.returncode == 0 and "UNDER WAY" in shown.stdout, shown.stdout + shown.stderr


def accepted_soon(tenant: Tenant, load: LoadGenerator, run: int):
    """Within two seconds; until then, the client is told to come again."""

    def accept() -> str | None:
        headers = {"Idempotency-Key": f"run-{run}"}
        answer = tenant.scheduler.post("/v1/events", finished(tenant.number, run), headers=headers)
        assert answer.status_code in (200, 202) or answer.headers["Retry-After"], answer.text
        return answer.json()["id"] if answer.status_code in (200, 202) else None

    load.answers[run] = [(202, wait_until(accept, 2, "no event was accepted within two seconds"))]


def check_duplicates(tenant: Tenant, hook: dict, storm: Storm):
    """What came twice was under way at a kill, or had been answered only just."""
    arrivals = tenant.receiver.arrivals(hook["at"])
    found = duplicates(arrivals, storm.kills)
    causeless = [duplicate for duplicate in found if duplicate.kill is None or duplicate.known_for > COMMIT]
    assert causeless == [], f"{len(causeless)} of {len(found)} were sent twice for nothing: {causeless[:3]}"
    print(f"{len(storm.kills)} kills, {len(arrivals)} arrivals, {len(found)} of them duplicates")


def test_a_node_that_stops_leaves_its_work_to_the_others_at_once(nodes, receiver, runs):
    """Its deliveries wait for a retry that only it knew of."""
    tenant = Tenant(nodes[0], receiver)
    hook = tenant.channel("webhook")
    receiver.script(hook["at"], Answer(503, b"later"))
    run = next(runs)
    answer = Client(nodes[1].url, tenant.scheduler.key).post("/v1/events", finished(tenant.number, run))
    accepted = expect(answer, 202)
    receiver.wait_for(hook["at"])
    nodes[1].stop()
    assert tenant.settled(accepted["id"], hook, 20)["state"] == "delivered"
    assert len(listed(nodes[0], nodes[0].operator_key)) == 2


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_of_the_server_is_met_by_all_nodes(nodes, receiver, runs, database_server, mode):
    """While it is away, each of them says 503 with Retry-After; two seconds after it is back, each accepts events."""
    tenant = Tenant(nodes[0], receiver)
    hook = tenant.channel("webhook")
    load = LoadGenerator([node.url for node in nodes], tenant.scheduler.key, tenant.number, PER_SECOND, runs)
    load.start()
    time.sleep(1)
    database_server.stop(mode)
    clients = [Client(node.url, tenant.scheduler.key) for node in nodes]
    for client in clients:
        refused = client.post("/v1/events", finished(tenant.number, next(runs)))
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1"), refused.text
    assert not any(node.is_ready() for node in nodes)
    database_server.start()
    back = time.monotonic()
    for client, run in zip(clients, runs, strict=False):
        load.answers[run] = [accepted_by(back + 2, client, tenant.number, run)]
    print(f"\nall nodes accept events {time.monotonic() - back:.2f} s after the server is back")
    time.sleep(0.5)
    load.stop()
    assert load.unexpected == []
    check_arrivals(tenant, [hook], load)
    check_events(tenant, load)
    done = nodes[0].run("ledger", "check", key=nodes[0].operator_key)
    assert done.returncode == 0, done.stdout + done.stderr


def accepted_by(end: float, client: Client, organization: int, run: int) -> tuple[int, str]:
    def accepted():
        answer = client.post("/v1/events", finished(organization, run), headers={"Idempotency-Key": f"run-{run}"})
        return (answer.status_code, answer.json()["id"]) if answer.status_code in (200, 202) else None

    return wait_until(accepted, end - time.monotonic(), f"no event was accepted at {client.url}")


def test_a_name_belongs_to_one_process(make_service, address):
    first = make_service(RUNBELL_DATABASE=address, RUNBELL_NODE="same").start()
    second = make_service(RUNBELL_DATABASE=address, RUNBELL_NODE="same", **keys(first))
    second.launch()
    assert second.wait_for_end(30) == 1
    assert "another process is using the database under the name of this node" in second.log

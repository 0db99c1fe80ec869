"""A thousand requests with one Idempotency-Key, and kill -9 in the middle: exactly one event."""

import random
import threading
import time
from http.client import HTTPConnection, HTTPException

import pytest

from harness.client import expect
from harness.events import finished
from harness.kept import check_arrived
from harness.service import Service
from harness.tenant import Tenant

CALLERS = 1000
ROUNDS = 3


class Callers:
    """Many clients with the same request, each of which comes again until it is answered."""

    def __init__(self, tenant: Tenant, run: int):
        self.port = tenant.service.port
        self.body = str(finished(tenant.number, run)).replace("'", '"')
        self.headers = {"Authorization": f"Bearer {tenant.scheduler.key}", "Content-Type": "application/json"}
        self.headers["Idempotency-Key"] = f"round-{run}"
        self.answers: list[tuple[int, bytes]] = []
        self.failed = 0
        self.together = threading.Barrier(CALLERS + 1)
        self.threads = [threading.Thread(target=self.call, daemon=True) for _ in range(CALLERS)]

    def start(self):
        for thread in self.threads:
            thread.start()
        self.together.wait(30)

    def join(self):
        for thread in self.threads:
            thread.join(90)
        assert len(self.answers) == CALLERS

    def call(self):
        self.together.wait(30)
        while not (answer := self.answered()):
            self.failed += 1
            time.sleep(random.uniform(0.1, 0.5))
        self.answers.append(answer)

    def answered(self) -> tuple[int, bytes] | None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", "/v1/events", self.body, self.headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()
        return None if answer.status in (429, 503) else (answer.status, content)


@pytest.mark.timeout(240)
def test_a_thousand_equal_keys_and_a_kill_make_one_event(service: Service, tenant: Tenant):
    randomness = random.Random(7)
    hook = tenant.channel("webhook")
    failed = 0
    for number in range(1, ROUNDS + 1):
        callers = Callers(tenant, number)
        callers.start()
        time.sleep(randomness.uniform(0.02, 0.3))
        service.kill()
        service.start()
        callers.join()
        failed += callers.failed
        assert {status for status, _ in callers.answers} <= {200, 202}, callers.answers
        assert len({content for _, content in callers.answers}) == 1, "equal requests got different answers"
        # Nobody gets a 202 when the one who made the event was killed before its answer.
        assert sum(status == 202 for status, _ in callers.answers) <= 1
        events = expect(tenant.owner.get(f"{tenant.path}/events"), 200)["data"]
        assert len(events) == number
    print(f"{ROUNDS} rounds of {CALLERS} requests, {failed} came again")
    assert failed > 0, "no kill met the requests"
    check_arrived(tenant, hook, ROUNDS)
    other = tenant.scheduler.post(
        "/v1/events", finished(tenant.number, 99), headers={"Idempotency-Key": f"round-{ROUNDS}"}
    )
    assert other.status_code == 422

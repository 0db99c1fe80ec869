"""The same thing at the same time."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from harness.client import Client

from .registry import case
from .target import Target


def at_once(count: int, act) -> list:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(act, range(count)))


@case("bad-115", changes_state=True)
def two_admins_save_the_same_version(target: Target):
    tenant = target.tenant
    saved = tenant.channel("webhook", "race")
    path = f"{tenant.path}/channels/{saved['id']}"
    clients = [tenant.owner, tenant.admin]
    for _ in range(10):
        version = clients[0].get(path).headers["ETag"]

        def save(number: int, version=version):
            draft = tenant.draft("webhook", f"race{number}")
            return target.ask(clients[number], "PUT", path, draft, headers={"If-Match": version})

        assert sorted(answer.status_code for answer in at_once(2, save)) == [200, 412]


@case("bad-117", changes_state=True, seconds=5)
def one_idempotency_key_a_hundred_times(target: Target):
    tenant = target.tenant
    event = target.event()
    key = f"race-{event['load_test_run_id']}"
    before = len(tenant.owner.every(f"{tenant.path}/events"))

    def post(number: int):
        body = event if number % 5 else event | {"name": "another body"}
        client = Client(tenant.scheduler.url, tenant.scheduler.key)
        while True:
            answer = target.ask(client, "POST", "/v1/events", body, headers={"Idempotency-Key": key})
            if answer.status_code != 429:
                return answer, body is event
            # The batches of another case may have used up what the organization may post in a second.
            time.sleep(float(answer.headers["Retry-After"]))

    answers = at_once(100, post)
    winner = next(mine for answer, mine in answers if answer.status_code == 202)
    counts = Counter((answer.status_code, mine is winner) for answer, mine in answers)
    others = [status for (status, is_winner) in counts if not is_winner]
    assert counts[(202, True)] == 1
    assert set(status for (status, is_winner) in counts if is_winner) <= {202, 200, 409}, counts
    assert set(others) <= {422, 409}
    replays = [answer for answer, _ in answers if answer.status_code in (200, 202)]
    assert len({answer.json()["id"] for answer in replays}) == 1
    assert all(answer.headers.get("Idempotent-Replayed") == "true" for answer in replays if answer.status_code == 200)
    assert len(tenant.owner.every(f"{tenant.path}/events")) == before + 1

"""What the bad requests are aimed at: one organization, with a valid body for each route that takes one."""

import hashlib
import itertools
import json
import time
from collections.abc import Callable

from harness.client import Client, expect
from harness.events import started
from harness.service import Service
from harness.tenant import Tenant
from harness.waiting import wait_until

from .wire import Wire, WireAnswer

NUMBER = 99_990_001
"""A number in every valid body, to be replaced by a bad one."""
NAME = "REPLACE-THIS-NAME"
_runs = itertools.count(1_000_000)


class Target:
    def __init__(self, tenant: Tenant, make_service: Callable[..., Service] | None = None):
        self.tenant = tenant
        self.make_service = make_service
        self.path = tenant.path
        self.slowest = 0.0

    @property
    def routes(self) -> dict[str, tuple[Client, dict]]:
        """The routes that take a body, who may send one, and a good one."""
        return {
            "/v1/events": (self.tenant.scheduler, self.event()),
            "/v1/events/batch": (self.tenant.scheduler, {"events": [self.event()]}),
            f"{self.path}/channels": (self.tenant.owner, self.draft()),
        }

    def event(self, **more) -> dict:
        return started(self.tenant.number, next(_runs), name=NAME, project_id=NUMBER) | more

    def draft(self, **more) -> dict:
        return self.tenant.draft("webhook", NAME, subscription={"project_ids": [NUMBER]}) | more

    def ask(self, client: Client, method: str, path: str, body=None, **more):
        """A request that must be answered, and not with a failure of the service."""
        begin = time.monotonic()
        answer = client.call(method, path, body, **more)
        self.slowest = max(self.slowest, time.monotonic() - begin)
        assert answer.status_code < 500, f"{method} {path[:200]}: {answer.status_code} {answer.text[:500]}"
        return answer

    def refused(self, answer, *statuses: int) -> dict:
        """A problem document with one of those statuses."""
        wanted = statuses or (400,)
        assert answer.status_code in wanted, f"{answer.status_code}, not {wanted}: {answer.text[:500]}"
        problem = answer.json()
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert problem["status"] == answer.status_code
        return problem

    def refused_in_batch(self, answer, *statuses: int):
        """The batch could be read, but none of its events was taken."""
        results = answer.json()["results"]
        assert results
        assert all(result["status"] in (statuses or (400,)) for result in results), results

    def every_route_refuses(self, mutate, *statuses: int, routes: tuple[str, ...] = (), **more):
        """Sends each route's good body through `mutate` (text to bytes) and wants each to be refused."""
        for path, (client, body) in self.routes.items():
            if routes and not path.endswith(routes):
                continue
            text = json.dumps(body)
            sent = mutate(text)
            assert sent != text.encode(), f"the mutation did nothing at {path}"
            answer = self.ask(client, "POST", path, sent, **more)
            if path.endswith("/batch") and answer.status_code == 200:
                self.refused_in_batch(answer, *statuses)
            else:
                self.refused(answer, *statuses)

    def wire(self, data: bytes, wait: float = 5) -> WireAnswer:
        """Raw bytes on a connection of their own."""
        with Wire(self.tenant.service.port) as wire:
            wire.send(data)
            answer = wire.answer(wait)
        self.slowest = max(self.slowest, answer.seconds)
        # 501 is how an unknown method is refused.
        assert all(status < 500 or status == 501 for status in answer.statuses), answer.content[:500]
        return answer

    def head(self, method: str, path: str, *headers: str, client: Client | None = None, host="") -> bytes:
        """A request's head with the right host and key."""
        client = client or self.tenant.owner
        host = host or f"127.0.0.1:{self.tenant.service.port}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Authorization: Bearer {client.key}", *headers]
        return "\r\n".join(lines).encode() + b"\r\n\r\n"

    def digest_at_rest(self) -> dict[str, str]:
        """The state once what the cases before have posted is no longer under way."""

        def is_under_way() -> bool:
            lists = (f"{self.path}/deliveries?state={state}" for state in ("due", "claimed"))
            return any(expect(self.tenant.owner.get(path), 200)["data"] for path in lists)

        wait_until(lambda: not is_under_way(), 10)
        return self.digest()

    def digest(self) -> dict[str, str]:
        """The organization's whole state as its owner sees it."""
        paths = ["/channels", "/members", "/keys", "/events", "/deliveries", "/audit-log"]
        lists = {path: self.tenant.owner.every(self.path + path) for path in paths}
        lists["organization"] = self.tenant.owner.get(self.path).json()
        return {name: hashlib.sha256(json.dumps(value).encode()).hexdigest() for name, value in lists.items()}

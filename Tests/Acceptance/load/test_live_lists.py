"""Live lists: an organization's streams share one look a second, and never take the others' places."""

import json
import os
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from harness.answer import OK
from harness.events import finished
from harness.service import Service
from harness.tenant import Tenant

MOST = 16


@pytest.fixture(scope="module")
def service(make_service) -> Service:
    return make_service().start()


class Streams:
    """An organization's open streams."""

    def __init__(self, tenant: Tenant):
        self.tenant, self.cookie, self.opened = tenant, tenant.session_cookie(), ExitStack()

    def open(self, query: str = "") -> requests.Response:
        answer = requests.get(
            f"{self.tenant.service.url}/organizations/{self.tenant.number}/deliveries/live{query}",
            headers={"Cookie": self.cookie, "Accept": "text/event-stream"},
            stream=True,
            timeout=30,
        )
        return self.opened.enter_context(answer)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.opened.close()


def wait_for(stream: requests.Response, text: str, seconds: float) -> float:
    """Reads until the text has come; how long that took."""
    begin, seen = time.monotonic(), ""
    for part in stream.iter_content(None, decode_unicode=True):
        seen += part if isinstance(part, str) else part.decode()
        if text in seen:
            return time.monotonic() - begin
        assert time.monotonic() - begin < seconds, f"{text} did not come: {seen[-500:]}"
    raise AssertionError(f"the stream ended without {text}")


def cpu_of(service: Service) -> float:
    """Seconds of processor time that the service has used."""
    fields = Path(f"/proc/{service.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_streams_are_limited_per_organization(service):
    with Streams(Tenant(service)) as many, Streams(Tenant(service)) as other:
        assert [many.open().status_code for _ in range(MOST)] == [200] * MOST
        assert many.open().status_code == 503
        assert other.open().status_code == 200
        many.opened.close()
        deadline = time.monotonic() + 15
        while many.open().status_code != 200:
            assert time.monotonic() < deadline, "places of streams that ended are free again"
            time.sleep(0.2)


def test_every_stream_sees_new_deliveries(service, receiver):
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook")
    receiver.script(hook["at"], default=OK)
    with Streams(tenant) as streams:
        opened = [streams.open() for _ in range(MOST - 1)] + [streams.open("?state=delivered")]
        event = tenant.post(finished(tenant.number, 77))
        for stream in opened:
            assert wait_for(stream, f"/events/{event['id']}", 20) < 15


def test_sixteen_cost_hardly_more_than_one(service, receiver):
    """Processor time, which does not mind what else the machine does."""
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook")
    receiver.script(hook["at"], default=OK)
    events = {"events": [finished(tenant.number, run) for run in range(100, 200)]}
    assert tenant.scheduler.post("/v1/events/batch", events).status_code == 202
    time.sleep(3)
    costs = {}
    for count in (0, 1, MOST):
        with Streams(tenant) as streams:
            for _ in range(count):
                streams.open()
            time.sleep(2)
            begin = cpu_of(service)
            time.sleep(8)
            costs[count] = round((cpu_of(service) - begin) / 8, 4)
        time.sleep(2)
    print(f"\nprocessors used by so many streams: {json.dumps(costs)}")
    assert costs[MOST] - costs[0] < 4 * max(costs[1] - costs[0], 0.02)

"""An organization that posts steadily and minds how long that takes.

It posts and receives in a process of its own: in the attacker's it would wait for the attacker's Python, too.
"""

import json
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from .event_to_wire import percentile
from .events import finished
from .receiver import Receiver
from .service import Service
from .tenant import Tenant
from .waiting import wait_for_growth

TESTS = Path(__file__).resolve().parents[1]
PER_SECOND = 50
LIMIT = 0.25


@dataclass
class Figures:
    """The 99th percentiles, in seconds, from the moment at which each event was to be posted."""

    accept: float
    wire: float

    def __str__(self) -> str:
        return f"accepted within {self.accept * 1000:.1f} ms, on the wire within {self.wire * 1000:.1f} ms"

    def bears(self, busy: "Figures", floor: float) -> bool:
        """Whether the busy figures are good enough beside these quiet ones; less than the floor is noise."""
        pairs = ((self.accept, busy.accept), (self.wire, busy.wire))
        return all(now <= max(2 * alone, floor) and now < LIMIT for alone, now in pairs)

    @classmethod
    def median(cls, rounds: "list[Figures]") -> "Figures":
        return cls(statistics.median(r.accept for r in rounds), statistics.median(r.wire for r in rounds))


class Victim:
    """The organization, as the test sees it."""

    def __init__(self, service: Service, runs):
        self.runs = runs
        command, pipe = [sys.executable, "-m", "harness.victim"], subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=TESTS, stdin=pipe, stdout=pipe, text=True)
        tenant = Tenant(service)
        draft = {"kind": "webhook", "name": "hook", "settings": {"url": self._answer()["url"] + "/hook"}}
        assert tenant.owner.post(f"{tenant.path}/channels", draft).status_code == 201
        self._tell({"service": service.url, "key": tenant.scheduler.key, "organization": tenant.number})

    def measure(self, events: int) -> Figures:
        self._tell({"runs": [next(self.runs) for _ in range(events)]})
        answer = self._answer()
        assert "error" not in answer, f"the victim was hurt: {answer}"
        return Figures(**answer)

    def close(self):
        self.process.kill()
        self.process.communicate()

    def _tell(self, value: dict):
        self.process.stdin.write(json.dumps(value) + "\n")
        self.process.stdin.flush()

    def _answer(self) -> dict:
        return json.loads(self.process.stdout.readline())


class Poster:
    """The organization's own process."""

    def __init__(self, receiver: Receiver, service: str, key: str, organization: int):
        self.receiver, self.organization = receiver, organization
        self.connection = HTTPConnection(urlsplit(service).netloc, timeout=60)
        self.headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def measure(self, runs: list[int]) -> Figures:
        accepted, due = [], {}
        # The service closes connections on which nothing is asked for long.
        self.connection.close()
        self.connection.connect()
        begin = time.monotonic()
        for number, run in enumerate(runs):
            due[run] = begin + number / PER_SECOND
            time.sleep(max(0.0, due[run] - time.monotonic()))
            self.post(finished(self.organization, run))
            accepted.append(time.monotonic() - due[run])

        def arrived() -> dict[int, float]:
            return {a.json["load_test_run_id"]: a.at for a in self.receiver.since("/hook", begin)}

        wait_for_growth(lambda: len(arrived()), len(runs), 30, lambda: "the victim's events do not arrive")
        at = arrived()
        return Figures(percentile(sorted(accepted), 99), percentile(sorted(at[run] - due[run] for run in runs), 99))

    def post(self, event: dict):
        self.connection.request("POST", "/v1/events", json.dumps(event), self.headers)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status == 202, f"the victim was refused: {answer.status} {text[:300]!r}"


def told() -> dict:
    return json.loads(sys.stdin.readline())


def tell(value: dict):
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    receiver = Receiver()
    tell({"url": receiver.url})
    poster = Poster(receiver, **told())
    while True:
        try:
            tell(asdict(poster.measure(**told())))
        except AssertionError as error:
            tell({"error": str(error)})

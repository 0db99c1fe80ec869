"""What one organization does at the expense of others: requests in closed loops, in a separate process."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

TESTS = Path(__file__).resolve().parents[1]


@dataclass
class Call:
    """A request that is sent repeatedly."""

    method: str
    path: str
    key: str = ""
    body: str = ""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def all_headers(self) -> dict[str, str]:
        sent = {"Content-Type": self.content_type} if self.body else {}
        return sent | ({"Authorization": f"Bearer {self.key}"} if self.key else {}) | self.headers


@dataclass
class Plan:
    url: str
    seconds: float
    calls: list[Call]
    at_once: int = 4
    """How many loops; each goes through all calls."""
    leaves_after: float | None = None
    """Seconds after which a client closes its connection without waiting for the answer."""
    holds: int = 0
    """Connections that are opened and kept: a call each, of which only the first bytes of the answer are read."""

    def run(self) -> Counter:
        counts: Counter = Counter()
        loops = [threading.Thread(target=self._loop, args=(counts, number)) for number in range(self.at_once)]
        kept = [self._hold(number) for number in range(self.holds)]
        for loop in loops:
            loop.start()
        end = time.monotonic() + self.seconds
        for loop in loops:
            loop.join()
        time.sleep(max(0.0, end - time.monotonic()))
        counts["held"] = sum(1 for connection in kept if connection)
        return counts

    def _loop(self, counts: Counter, number: int):
        end, connection = time.monotonic() + self.seconds, None
        place = number
        while time.monotonic() < end:
            call = self.calls[place % len(self.calls)]
            place += 1
            try:
                if self.leaves_after is not None:
                    counts[self._leave(call)] += 1
                    continue
                connection = connection or HTTPConnection(urlsplit(self.url).netloc, timeout=60)
                connection.request(call.method, call.path, call.body.encode() or None, call.all_headers)
                answer = connection.getresponse()
                answer.read()
                counts[str(answer.status)] += 1
                if answer.status in (429, 503):
                    time.sleep(0.01)
            except (OSError, HTTPException):
                counts["cut"] += 1
                connection = None
                time.sleep(0.01)

    def _request(self, call: Call) -> bytes:
        fields = {"Host": urlsplit(self.url).netloc} | call.all_headers
        if call.body:
            fields["Content-Length"] = str(len(call.body.encode()))
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"{call.method} {call.path} HTTP/1.1\r\n{head}\r\n{call.body}".encode()

    def _open(self) -> socket.socket:
        address = urlsplit(self.url)
        return socket.create_connection((address.hostname, address.port), timeout=10)

    def _leave(self, call: Call) -> str:
        with self._open() as connection:
            connection.sendall(self._request(call))
            time.sleep(self.leaves_after)
        return "left"

    def _hold(self, number: int) -> socket.socket | None:
        try:
            connection = self._open()
            if self.calls:
                connection.sendall(self._request(self.calls[number % len(self.calls)]))
        except OSError:
            return None
        return connection


class Attack:
    """A plan that runs beside the test."""

    def __init__(self, plan: Plan):
        command, pipe = [sys.executable, "-m", "harness.attack"], subprocess.PIPE
        self.process = subprocess.Popen(command, cwd=TESTS, stdin=pipe, stdout=pipe, text=True)
        self.process.stdin.write(json.dumps(asdict(plan)))
        self.process.stdin.close()
        self.process.stdin = None
        self.patience = plan.seconds + 90

    def counts(self) -> dict[str, int]:
        """How often each status came, after the end."""
        output, _ = self.process.communicate(timeout=self.patience)
        assert self.process.returncode == 0
        return json.loads(output)

    def end(self):
        self.process.kill()
        self.process.communicate()


if __name__ == "__main__":
    told = json.load(sys.stdin)
    told["calls"] = [Call(**call) for call in told["calls"]]
    print(json.dumps(Plan(**told).run()))

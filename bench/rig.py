"""The sink, the generator, and how busy the machine was."""

import json
import os
import subprocess
import time
from pathlib import Path

from services import BUILT, Service, call, free_port

TICK = os.sysconf("SC_CLK_TCK")


class Sink:
    """Counts what arrives, by channel; its source says what it can do."""

    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([BUILT / "sink", "-p", str(self.port)])
        time.sleep(0.3)

    def channels(self, count: int, behavior: str = "ok", first: int = 0) -> list[str]:
        return [f"{self.url}/{behavior}/{number}" for number in range(first, first + count)]

    def stats(self) -> dict:
        return call("GET", f"{self.url}/_stats")

    def channel(self, number: int) -> dict:
        return next((found for found in self.stats()["channels"] if found["ch"] == number), {"ok": 0, "lat_us": {}})

    def tell(self, what: str):
        subprocess.run(["curl", "-sS", "-X", "POST", f"{self.url}/{what}"], check=True, stdout=subprocess.DEVNULL)

    def seen(self, number: int) -> set[int]:
        text = subprocess.run(["curl", "-sS", f"{self.url}/_seen/{number}"], check=True, capture_output=True, text=True)
        return {int(line) for line in text.stdout.split()}

    def wait_for(self, count: int, quiet: float = 4) -> dict:
        """Until so many were answered, or nothing has come for a while."""
        last, since = -1, time.monotonic()
        while (stats := self.stats())["ok"] < count and time.monotonic() - since < quiet:
            if stats["posts"] != last:
                last, since = stats["posts"], time.monotonic()
            time.sleep(0.05)
        return stats

    def close(self):
        self.process.kill()
        self.process.wait()


def load(service: Service, *options: str) -> dict:
    """Posts events as the options of the generator say; what it reports."""
    command = [BUILT / "loadgen", *service.request(), "-H", "Content-Type: application/json", *options]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def busy_seconds() -> float:
    """Processor time of everything on the machine."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6] + fields[7]) / TICK


class Others:
    """How many processors were used by others than the service, the generator, the sink and this program."""

    def __init__(self, service: Service, sink: Sink):
        self.service, self.sink = service, sink
        self.begin, self.known, self.busy = time.monotonic(), self._known(), busy_seconds()

    def _known(self) -> float:
        own = os.times()
        mine = own.user + own.system + own.children_user + own.children_system
        return self.service.cpu_seconds() + self.sink.stats()["sink_cpu_s"] + mine

    def processors(self) -> float:
        took = time.monotonic() - self.begin
        return max(0, busy_seconds() - self.busy - (self._known() - self.known)) / took

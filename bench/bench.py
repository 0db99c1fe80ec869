#!/usr/bin/env python3
"""Compares Runbell with Prometheus Alertmanager: one event in, deliveries out, the same rig and the same minutes.

Everything stays on 127.0.0.1. The speed of a machine drifts: only ratios of one run count. `make bench` runs it.
"""

import argparse
import json
import subprocess
import tempfile
import time
from pathlib import Path

from services import Alertmanager, Runbell, Service, call, free_port

BUILT = Path(__file__).resolve().parent / "bin"
CONNECTIONS = 32


class Sink:
    """Counts what arrives, by channel; its source says what it can do."""

    def __init__(self):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process = subprocess.Popen([BUILT / "sink", "-p", str(self.port)])
        time.sleep(0.3)

    def channels(self, count: int, behaviour: str = "ok", first: int = 0) -> list[str]:
        return [f"{self.url}/{behaviour}/{number}" for number in range(first, first + count)]

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


def load(service: Service, *options: str) -> dict:
    command = [BUILT / "loadgen", *service.request(), "-H", "Content-Type: application/json", *options]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def throughput(make, sink: Sink, channels: int, seconds: int) -> dict:
    """A closed loop; deliveries a second from the first to the last arrival, the backlog too."""
    service = make(sink.channels(channels))
    try:
        load(service, "-d", "1", "-c", "4", "-r", "50", "-i", "8000000")
        sink.wait_for(50 * channels)
        sink.tell("_reset")
        before = service.cpu_seconds()
        sent = load(service, "-d", str(seconds), "-c", str(CONNECTIONS))
        stats = sink.wait_for(sent["ok"] * channels)
        cpu = (service.cpu_seconds() - before) / max(stats["ok"], 1) * 1000
        return {
            "deliveries_per_s": round(stats["ok"] / stats["span_s"]) if stats["span_s"] else 0,
            "accepted": sent["ok"],
            "missing": sent["ok"] * channels - stats["ok"],
            "cpu_s_per_1000": round(cpu, 3),
            "memory_mib": service.memory(),
        }
    finally:
        service.close()


def latency(make, sink: Sink, seconds: int) -> dict:
    """100 events a second, from the moment that each was due until it arrived."""
    service = make(sink.channels(1))
    try:
        sent = load(service, "-d", str(seconds), "-c", "64", "-r", "100")
        return milliseconds(sink.wait_for(sent["ok"])["lat_us"])
    finally:
        service.close()


def milliseconds(lat: dict) -> dict:
    return {f"{name}_ms": round(lat.get(name, 0) / 1000, 2) for name in ("p50", "p99", "max")}


def hang(make, sink: Sink) -> dict:
    """One channel never answers; what comes to the next one of 50 events a second for 15 s?"""
    service = make(sink.channels(1, "hang") + sink.channels(1, first=1))
    try:
        sent = load(service, "-d", "15", "-c", "256", "-r", "50", "-w", "2")
        time.sleep(1)
        healthy = sink.channel(1)
        return {"accepted": sent["ok"], "healthy_got": healthy["ok"]} | milliseconds(healthy["lat_us"])
    finally:
        service.close()


def kill(make, sink: Sink) -> dict:
    """The receiver is down while 200 events are accepted; kill -9; the receiver is up: what arrives?"""
    service = make(sink.channels(1))
    try:
        with tempfile.NamedTemporaryFile() as answered:
            sink.tell("_mode/status-503")
            load(service, "-d", "15", "-c", "4", "-n", "200", "-A", answered.name)
            service.kill()
            accepted = {int(line) for line in answered.read().split()}
        sink.tell("_mode/path")
        service.start()
        end = time.monotonic() + 40
        while accepted - sink.seen(0) and time.monotonic() < end:
            time.sleep(0.2)
        return {"accepted": len(accepted), "lost": len(accepted - sink.seen(0))}
    finally:
        sink.tell("_mode/path")
        service.close()


def tests(seconds: int) -> dict:
    counts = {f"throughput at {n}": lambda make, sink, n=n: throughput(make, sink, n, seconds) for n in (1, 3, 10)}
    return counts | {"latency": lambda make, sink: latency(make, sink, seconds), "hang": hang, "kill": kill}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=8, help="how long a load lasts")
    arguments.add_argument("--only", default="", help="the tests whose names have this in them")
    given = arguments.parse_args()
    for name, test in tests(given.seconds).items():
        for make in (Alertmanager, Runbell) if given.only in name else ():
            sink = Sink()
            try:
                print(f"{name:16} {make.__name__:13} {json.dumps(test(make, sink))}", flush=True)
            finally:
                sink.process.kill()
                sink.process.wait()


if __name__ == "__main__":
    main()

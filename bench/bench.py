#!/usr/bin/env python3
"""Compares Runbell with Prometheus Alertmanager, and with two bounds: SQLite in C, and its own frameworks.

Everything stays on 127.0.0.1. The speed of a machine drifts: only ratios of one run count, so the services take turns.
`make bench` runs it and writes docs/benchmarks.md.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

import measurements
import report
from rig import Sink
from services import Alertmanager, Ceiling, Frameworks, Runbell, Service

CHANNELS = (1, 3, 10)
ALL: tuple[type[Service], ...] = (Ceiling, Frameworks, Alertmanager, Runbell)
PRODUCTS: tuple[type[Service], ...] = (Alertmanager, Runbell)


class Run:
    def __init__(self, given: argparse.Namespace):
        self.given = given
        self.figures: report.Figures = {}

    def measure(self, test: str, make: type[Service], how: Callable[[type[Service], Sink], dict]):
        """Keeps what one round of a test found, if the test is wanted."""
        if self.given.only not in test:
            return
        sink = Sink()
        try:
            found = how(make, sink)
        finally:
            sink.close()
        print(f"{test:22} {make.__name__:13} {json.dumps(found)}", file=sys.stderr, flush=True)
        self.figures.setdefault(test, {}).setdefault(make.__name__, {"rounds": []})["rounds"].append(found)

    def throughput(self):
        for _ in range(self.given.rounds):
            for count in CHANNELS:
                for make in ALL:
                    self.measure(
                        f"throughput at {count}",
                        make,
                        lambda make, sink, n=count: measurements.throughput(make, sink, n, self.given.seconds),
                    )

    def capacity(self, make: type[Service]) -> int:
        """Half of what it delivered to one channel; 1,000 if that was not measured."""
        rounds = self.figures.get("throughput at 1", {}).get(make.__name__, {}).get("rounds", [])
        return round(median(found["deliveries_per_s"] for found in rounds) / 2) if rounds else 1000

    def rest(self):
        seconds = self.given.seconds
        for make in PRODUCTS:
            self.measure("latency at 100/s", make, lambda m, s: measurements.latency(m, s, 100, seconds))
        for make in PRODUCTS:
            rate = self.capacity(make)
            self.measure("latency at half", make, lambda m, s, r=rate: measurements.latency(m, s, r, seconds))
        distant = "distant receiver"
        for make in PRODUCTS:
            self.measure(distant, make, lambda m, s: measurements.throughput(m, s, 1, seconds, "delay-100"))
        for make in PRODUCTS:
            self.measure("idle", make, lambda m, s: measurements.idle(m, s, seconds))
        for test in (measurements.start, measurements.hang, measurements.kill):
            for make in PRODUCTS:
                self.measure(test.__name__, make, test)

    def medians(self) -> report.Figures:
        return {
            test: {service: middle(found["rounds"]) for service, found in services.items()}
            for test, services in self.figures.items()
        }


def middle(rounds: list[dict]) -> dict:
    return {name: round(median(found[name] for found in rounds), 3) for name in rounds[0]}


def versions() -> dict[str, str]:
    return {make.__name__: make.version(make) for make in ALL}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=8, help="how long a load lasts")
    arguments.add_argument("--rounds", type=int, default=3, help="how often throughput is measured")
    arguments.add_argument("--only", default="", help="the tests whose names have this in them")
    arguments.add_argument("--page", type=Path, help="where the report is written; without it, to the terminal")
    given = arguments.parse_args()
    run = Run(given)
    run.throughput()
    run.rest()
    text = report.markdown(run.medians(), versions(), "make bench")
    if given.page:
        given.page.write_text(text)
    print(text)


if __name__ == "__main__":
    main()

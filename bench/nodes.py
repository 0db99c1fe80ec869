#!/usr/bin/env python3
"""Measures one, two and three nodes over a PostgreSQL server, and the same on SQLite: deliveries a second, and how
often a node waits for the server.

Everything stays on this machine, so nodes, server, generator and sink share its processors: on two of them, more nodes
cannot be faster, and what can be seen is what they cost. `make bench-nodes` runs it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from report import machine
from rig import Sink, load
from services import Runbell, call, free_port, output

CHANNELS = (1, 10)
LOADS = ((0, 32), (1, 32), (2, 32), (3, 32), (1, 256), (2, 256), (3, 256))
"""Nodes (none stands for SQLite) and connections. Round trips are shared by what waits at the same time."""
TRIPS = "runbell_database_round_trips_total"


class Server:
    """PostgreSQL as Debian configures it: each commit is on disk when it is answered."""

    def __init__(self):
        self.programs = next(Path("/usr/lib/postgresql").glob("*/bin"))
        self.folder = Path(tempfile.mkdtemp(prefix="bench-pg-"))
        self.who = {"user": "nobody"} if os.geteuid() == 0 else {}
        if self.who:
            shutil.chown(self.folder, "nobody")
        self.data, self.port, self.count = self.folder / "data", free_port(), 0
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self.run("pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o", options, "start")
        self.ask("CREATE ROLE runbell LOGIN")

    def run(self, program: str, *arguments: object) -> str:
        command = [self.programs / program, *arguments]
        done = subprocess.run(command, check=True, cwd="/", capture_output=program == "psql", text=True, **self.who)
        return done.stdout or ""

    def ask(self, statement: str):
        place = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", "postgres"]
        self.run("psql", "-X", "-q", "-t", "-A", *place, "-c", statement)

    def new_database(self) -> str:
        self.count += 1
        self.ask(f"CREATE DATABASE bench{self.count} OWNER runbell")
        return f"postgresql://runbell@127.0.0.1:{self.port}/bench{self.count}"

    def close(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Node(Runbell):
    def __init__(self, channels: list[str], database: str | None, first: "Node | None" = None):
        self.database, self.first = database, first
        super().__init__(channels)

    def environment(self):
        more = {"RUNBELL_METRICS": "true"}
        if self.database:
            more["RUNBELL_DATABASE"] = self.database
        if self.first:
            keys = self.first.folder / "data"
            more |= {f"RUNBELL_{name.upper()}_KEY_FILE": str(keys / f"{name}.key") for name in ("master", "operator")}
        return super().environment() | more

    def configure(self):
        if self.first:
            self.key = self.first.key
        else:
            super().configure()

    def round_trips(self) -> dict[str, int]:
        """By use."""
        with urllib.request.urlopen(f"{self.url}/metrics", timeout=10) as answer:
            lines = [line for line in answer.read().decode().splitlines() if line.startswith(TRIPS)]
        return {line.split('"')[1]: int(line.split()[-1]) for line in lines}


def started(channels: list[str], server: Server, count: int) -> list[Node]:
    """So many nodes; none stands for SQLite."""
    database = server.new_database() if count else None
    nodes = [Node(channels, database)]
    nodes += [Node(channels, database, nodes[0]) for _ in range(count - 1)]
    key = (nodes[0].folder / "data" / "operator.key").read_text().strip()
    while sum(node["is_alive"] for node in call("GET", f"{nodes[0].url}/v1/nodes", key=key)["data"]) < len(nodes):
        time.sleep(0.1)
    return nodes


def post(nodes: list[Node], first: int, *options: str) -> int:
    """As a load balancer shares it out; how many were accepted."""
    with ThreadPoolExecutor(len(nodes)) as all_at_once:
        loads = [
            all_at_once.submit(load, node, *options, "-i", str(first + number * 10_000_000))
            for number, node in enumerate(nodes)
        ]
        return sum(sent.result()["ok"] for sent in loads)


def measure(server: Server, count: int, channels: int, seconds: int, connections: int) -> dict:
    """A closed loop; deliveries a second from the first to the last arrival."""
    sink = Sink()
    nodes = started(sink.channels(channels), server, count)
    try:
        warm = post(nodes, 100_000_000, "-d", "3", "-c", "4", "-r", "50")
        sink.wait_for(warm * channels)
        sink.tell("_reset")
        cpu, before = sum(node.cpu_seconds() for node in nodes), [node.round_trips() for node in nodes]
        sent = post(nodes, 0, "-d", str(seconds), "-c", str(connections // len(nodes)))
        stats = sink.wait_for(sent * channels)
        trips = {
            use: sum(
                node.round_trips().get(use, 0) - then.get(use, 0) for node, then in zip(nodes, before, strict=True)
            )
            for use in ("write", "read")
        }
        return {
            "deliveries_per_s": round(stats["ok"] / stats["span_s"]),
            "accepted_per_s": round(sent / seconds),
            "missing": sent * channels - stats["ok"],
            "cpu_s_per_1000": round((sum(node.cpu_seconds() for node in nodes) - cpu) / stats["ok"] * 1000, 3),
            "trips_per_event": round(trips["write"] / sent, 2),
            "reads_per_event": round(trips["read"] / sent, 2),
        }
    finally:
        for node in reversed(nodes):
            node.close()
        sink.close()


def shares(figures: dict) -> str:
    """What an event and what a delivery costs, from runs with few channels and with many."""
    few, many = CHANNELS
    lines = []
    for count, connections in LOADS:
        if not count:
            continue
        one, more = (figures[count, connections, channels]["trips_per_event"] for channels in CHANNELS)
        delivery = (more - one) / (many - few)
        lines.append(
            f"{count} nodes, {connections} connections: {one - few * delivery:.2f} round trips for an event, "
            f"{delivery:.2f} for a delivery"
        )
    return "\n".join(lines)


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seconds", type=int, default=8, help="how long a load lasts")
    arguments.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    given = arguments.parse_args()
    rounds: dict[tuple[int, int, int], list[dict]] = {}
    server = Server()
    try:
        for _ in range(given.rounds):
            for channels in CHANNELS:
                for count, connections in LOADS:
                    found = measure(server, count, channels, given.seconds, connections)
                    load = f"{count or 'SQLite'} nodes, {connections} connections, {channels} channels"
                    print(f"{load}: {json.dumps(found)}", file=sys.stderr)
                    rounds.setdefault((count, connections, channels), []).append(found)
    finally:
        server.close()
    figures = {
        key: {name: round(median(found[name] for found in all_found), 3) for name in all_found[0]}
        for key, all_found in rounds.items()
    }
    names = list(next(iter(figures.values())))
    print("| | connections | channels | " + " | ".join(name.replace("_", " ") for name in names) + " |")
    print("| --- " * (len(names) + 3) + "|")
    for (count, connections, channels), found in figures.items():
        title = f"PostgreSQL, nodes: {count}" if count else "SQLite"
        cells = [title, str(connections), str(channels)] + [f"{found[name]:,}" for name in names]
        print("| " + " | ".join(cells) + " |")
    print("\n" + shares(figures) + "\n")
    print(machine({"PostgreSQL": output(str(server.programs / "postgres"), "--version")}))


if __name__ == "__main__":
    main()

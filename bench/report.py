"""What came out, ratios first, as Markdown."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

Figures = dict[str, dict[str, dict]]
"""By test, then by service."""


HEADS = {
    "deliveries_per_s": "deliveries/s",
    "accepted_per_s": "events accepted/s",
    "missing": "deliveries missing",
    "cpu_s_per_1000": "CPU, s per 1,000 deliveries",
    "written_kib": "written, KiB per delivery",
    "memory_mib": "memory, MiB",
    "others": "others, processors",
    "rate": "events/s",
    "p50_ms": "p50, ms",
    "p99_ms": "p99, ms",
    "max_ms": "most, ms",
    "cpu_percent": "CPU, % of one processor",
    "accepted_ms": "until the first event is accepted, ms",
    "arrived_ms": "until it has arrived, ms",
    "accepted": "events accepted",
    "healthy_got": "of these, delivered to the other channel",
    "lost": "events lost",
}
"""What a figure is called, with its unit."""

COMPARED = {
    "latency at 100/s": ("p50_ms", "p99_ms"),
    "latency at half": ("p50_ms", "p99_ms"),
    "distant receiver": ("deliveries_per_s", "cpu_s_per_1000"),
    "idle": ("memory_mib", "cpu_percent"),
    "start": ("accepted_ms", "arrived_ms"),
    "hang": ("p50_ms", "p99_ms"),
    "kill": ("lost",),
}
"""The figures of the tests beside throughput whose ratio is shown."""

MORE_IS_BETTER = ("deliveries_per_s",)


def markdown(figures: Figures, versions: dict[str, str], command: str) -> str:
    parts = [
        "# Benchmarks",
        f"`{command}` wrote this page: everything in one run on one machine, throughput as the median of the rounds.\n"
        "The speed of a machine drifts by a factor of two within hours, so compare ratios, and only those of one run.\n"
        "[bench/README.md](../bench/README.md) says what each test does. *Ceiling* is no product but a bound: the\n"
        "least that a durable fan-out costs on this machine. So is *Frameworks*: what Hummingbird and SwiftNIO alone\n"
        "cost, with nothing checked, stored, signed or tried again. *Others* is how many processors everything else\n"
        "on the machine used meanwhile.",
        "## Ratios",
        "Throughput: of deliveries, more than 1 is better; of CPU and memory, less.",
        ratios(figures),
        "Everything else, Runbell : Alertmanager:",
        more_ratios(figures),
        "## Figures",
        *(f"**{test}**\n\n{table(found)}" for test, found in figures.items()),
        "## Where",
        machine(versions),
    ]
    return "\n\n".join(parts) + "\n"


def ratios(figures: Figures) -> str:
    rows = []
    for test, found in figures.items():
        if not test.startswith("throughput") or not {"Runbell", "Alertmanager", "Ceiling"} <= found.keys():
            continue
        own, peer, least = found["Runbell"], found["Alertmanager"], found["Ceiling"]
        rows.append(
            f"| {test} | {ratio(own, peer, 'deliveries_per_s')} | {ratio(own, least, 'deliveries_per_s')} "
            f"| {ratio(own, peer, 'cpu_s_per_1000')} | {ratio(own, peer, 'memory_mib')} |"
        )
    if not rows:
        return "Not measured in this run."
    head = (
        "| Runbell : | Alertmanager, deliveries/s | Ceiling, deliveries/s | Alertmanager, CPU per delivery "
        "| Alertmanager, memory |"
    )
    return "\n".join([head, "| --- | --- | --- | --- | --- |", *rows])


def more_ratios(figures: Figures) -> str:
    rows = []
    for test, names in COMPARED.items():
        found = figures.get(test, {})
        if not {"Runbell", "Alertmanager"} <= found.keys():
            continue
        own, peer = found["Runbell"], found["Alertmanager"]
        for name in names:
            better = "more" if name in MORE_IS_BETTER else "less"
            values = f"{own[name]:,} : {peer[name]:,}"
            rows.append(f"| {test} | {HEADS[name]} | {values} | {ratio(own, peer, name)} | {better} |")
    if not rows:
        return "Not measured in this run."
    return "\n".join(
        ["| test | figure | Runbell : Alertmanager | ratio | better |", "| --- | --- | --- | --- | --- |", *rows]
    )


def ratio(own: dict, other: dict, name: str) -> str:
    return f"{own[name] / other[name]:.2f}" if other[name] else "–"


def table(found: dict[str, dict]) -> str:
    names = list(dict.fromkeys(name for figures in found.values() for name in figures))
    lines = ["| | " + " | ".join(HEADS[name] for name in names) + " |", "| --- " * (len(names) + 1) + "|"]
    for service, figures in found.items():
        cells = (f"{figures[name]:,}" if name in figures else "–" for name in names)
        lines.append(f"| {service} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def machine(versions: dict[str, str]) -> str:
    models = [
        line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    lines = [f"{len(os.sched_getaffinity(0))} processors ({models[0] if models else platform.machine()})"]
    lines.append(f"Linux {platform.release()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    lines += [f"{name}: {version}" for name, version in versions.items()]
    return "\n".join(f"- {line}" for line in lines)

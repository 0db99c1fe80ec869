"""What came out, ratios first, as Markdown."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

Figures = dict[str, dict[str, dict]]
"""By test, then by service."""


def markdown(figures: Figures, versions: dict[str, str], command: str) -> str:
    parts = [
        "# Benchmarks",
        f"`{command}` wrote this page: everything in one run on one machine, throughput as the median of the rounds. "
        "The speed of a machine drifts by a factor of two within hours, so compare ratios, and only those of one run. "
        "[bench/README.md](../bench/README.md) says what each test does.",
        "## Ratios",
        ratios(figures),
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
        "| Runbell : | Alertmanager, deliveries/s | C ceiling, deliveries/s | Alertmanager, CPU per delivery | memory |"
    )
    return "\n".join([head, "| --- | --- | --- | --- | --- |", *rows])


def ratio(own: dict, other: dict, name: str) -> str:
    return f"{own[name] / other[name]:.2f}" if other[name] else "–"


def table(found: dict[str, dict]) -> str:
    names = list(dict.fromkeys(name for figures in found.values() for name in figures))
    lines = ["| | " + " | ".join(name.replace("_", " ") for name in names) + " |", "| --- " * (len(names) + 1) + "|"]
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

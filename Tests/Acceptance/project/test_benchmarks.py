"""docs/benchmarks.md is written by bench/report.py: its ratios are those of its figures, the bad ones too."""

import importlib.util
import re

import pytest

from harness.service import PROJECT

PAGE = (PROJECT / "docs" / "benchmarks.md").read_text()


@pytest.fixture(scope="module")
def report():
    spec = importlib.util.spec_from_file_location("report", PROJECT / "bench" / "report.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def figures(heads: dict[str, str]) -> dict[str, dict[str, dict]]:
    names = {head: name for name, head in heads.items()}
    found = {}
    for test, table in re.findall(r"^\*\*(.+)\*\*\n\n((?:\|.*\n)+)", PAGE, re.MULTILINE):
        head, _, *rows = table.splitlines()
        columns = [names[each] for each in cells(head)[1:]]
        found[test] = {
            service: dict(zip(columns, (number(value) for value in values), strict=True))
            for service, *values in map(cells, rows)
        }
    return found


def number(text: str) -> float | int:
    plain = text.replace(",", "")
    return float(plain) if "." in plain else int(plain)


def test_the_ratios_are_those_of_the_figures(report):
    found = figures(report.HEADS)
    assert set(report.COMPARED) < set(found)
    assert report.ratios(found) in PAGE
    assert report.more_ratios(found) in PAGE
    for test, table in found.items():
        assert report.table(table) in PAGE, test

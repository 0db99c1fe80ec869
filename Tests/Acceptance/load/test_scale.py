"""Nothing that one organization has much of makes a request slow, or a neighbor wait.

`make scale` builds 100,000 organizations with ten million deliveries and prints the whole table; here it is 600,000.
"""

import os

import pytest

from harness.needs import needs_sqlite
from harness.scale import Scale, table
from harness.scale_database import Size

SMALL = Size(organizations=60, deliveries=6_000, stuck=120, ends=120, removed=300, fan=10)
SHORT = Size(organizations=6_000, deliveries=600_000, stuck=20_000, ends=10_000, removed=20_000, fan=200)
WHOLE = Size(organizations=100_000, deliveries=10_000_000, stuck=1_000_000, ends=20_000, removed=50_000, fan=1_000)
IS_WHOLE = os.environ.get("SCALE") == "whole"

pytestmark = [
    pytest.mark.alone,
    pytest.mark.timeout(3600 if IS_WHOLE else 600),
    needs_sqlite("the database is written as a file"),
]

LIST_LIMIT = 0.1
"""Seconds. A request that is asked once more to something that does other things; an unbounded list takes seconds."""
LIST_FACTOR = 8
NEIGHBOR_LIMIT = 1
NEIGHBOR_FACTOR = 5
"""Of what the neighbor's slowest of a hundred take alone."""


@pytest.fixture(scope="module")
def figures(make_service, receiver):
    found = [Scale(make_service(), receiver, size).measure() for size in (SMALL, WHOLE if IS_WHOLE else SHORT)]
    print("\n" + table(*found))
    return found


def test_no_list_gets_slow(figures):
    small, large = (found.lists for found in figures)
    slow = {n: (t, small[n]) for n, t in large.items() if n in small and t > max(LIST_LIMIT, LIST_FACTOR * small[n])}
    assert not slow, slow


def test_no_other_organization_waits(figures):
    work = figures[1].work
    limit = max(NEIGHBOR_LIMIT, NEIGHBOR_FACTOR * work["alone"].p99)
    slow = {name: beside.p99 for name, beside in work.items() if beside.p99 > limit}
    assert not slow, slow


def test_the_service_stays_ready(figures):
    assert figures[1].ready < 1

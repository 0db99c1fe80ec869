"""`copy-store` of a large database, killed in the middle: both sides are equal. `make copy` has a million of them."""

import os
import shutil
import subprocess
import time

import pytest

from harness.scale_database import ScaleDatabase, Size
from harness.service import binary
from harness.waiting import wait_until

DELIVERIES = int(os.environ.get("COPY_DELIVERIES", "30000"))
SIZE = Size(
    organizations=DELIVERIES // 100,
    deliveries=DELIVERIES,
    stuck=DELIVERIES // 50,
    ends=DELIVERIES // 100,
    removed=100,
    fan=50,
)

pytestmark = [pytest.mark.alone, pytest.mark.timeout(3600)]


@pytest.fixture
def filled(make_service):
    """A service that is stopped, with a large database."""
    service = make_service(RUNBELL_DATABASE="sqlite:").start()
    service.stop()
    for file in service.data.glob("runbell.db*"):
        if "ballast" not in file.name:
            file.unlink()
    database = ScaleDatabase(service.data / "runbell.db", SIZE)
    database.fill()
    database.close()
    done = service.run("migrate", RUNBELL_DATA=str(service.data), timeout=600)
    assert done.returncode == 0, done.stderr
    return service


def test_a_large_copy_that_is_killed_continues(filled, make_service, database_server):
    address = database_server.new_database()
    command = [str(binary()), "copy-store", "--to", address]
    settings = filled.environment | {"RUNBELL_DATA": str(filled.data)}
    begin = time.monotonic()
    killed = subprocess.Popen(command, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: copied(database_server, address) > DELIVERIES / 2, 1800, "half was not copied", pause=0.2)
    killed.kill()
    killed.wait(10)
    half = time.monotonic() - begin
    before = copied(database_server, address)
    assert before < DELIVERIES, "the copy was not killed in the middle"
    begin = time.monotonic()
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    rest = time.monotonic() - begin
    assert "Both sides are equal" in done.stdout
    assert copied(database_server, address) >= DELIVERIES
    print(f"\nkilled after {half:.1f} s with {before} deliveries; the rest took {rest:.1f} s\n{done.stdout}")
    # A service works on the copy.
    moved = make_service(RUNBELL_DATABASE=address)
    shutil.copytree(filled.data, moved.data, ignore=shutil.ignore_patterns("runbell.db*"))
    moved.start()


def copied(database_server, address: str) -> int:
    if database_server.ask(address, "SELECT to_regclass('deliveries')") != "deliveries":
        return 0
    return int(database_server.ask(address, "SELECT count(*) FROM deliveries"))

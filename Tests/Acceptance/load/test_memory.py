"""What many connections took of memory is given back when they have gone."""

import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from harness.waiting import wait_until

pytestmark = pytest.mark.timeout(180)

CONNECTIONS = 2_000
PATIENCE = 45
"""Seconds: the service looks every ten, and waits until its memory grows no more."""


def resident(service) -> float:
    """Mebibytes."""
    pages = int(Path(f"/proc/{service.process.pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def connect(service) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=10)
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert connection.recv(12) == b"HTTP/1.1 200"
    return connection


def test_memory_of_many_connections_is_returned(make_service):
    service = make_service().start()
    with connect(service):
        time.sleep(12)
    idle = resident(service)
    with ExitStack() as connections:
        for _ in range(CONNECTIONS):
            connections.enter_context(connect(service))
        busy = resident(service)
    print(f"\nidle {idle:.1f} MiB, with {CONNECTIONS} connections {busy:.1f}", end="")
    assert busy > 1.3 * idle, "the connections took nothing: this test shows nothing"
    wait_until(
        lambda: resident(service) <= 1.3 * idle,
        PATIENCE,
        lambda: f"{resident(service):.1f} MiB stay after {CONNECTIONS} connections; {idle:.1f} before",
    )
    print(f", after them {resident(service):.1f}")

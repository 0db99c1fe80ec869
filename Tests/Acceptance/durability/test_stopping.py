"""SIGTERM while requests come in: who was let in is answered, and the process ends with 0."""

import json
import signal
import socket
import time

import pytest

from harness.events import finished
from harness.waiting import wait_until


@pytest.fixture
def service(make_service):
    return make_service().start()


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_request_in_progress_is_answered_and_its_connection_closed(service, tenant, runs):
    body = json.dumps(finished(tenant.number, next(runs))).encode()
    head = (
        f"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {tenant.scheduler.key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    idle = socket.create_connection(("127.0.0.1", service.port))
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as connection:
        connection.sendall(head + body[:100])
        time.sleep(0.3)
        service.process.send_signal(signal.SIGTERM)
        wait_until(lambda: is_refused(service.port), 5)
        assert idle.recv(1) == b""
        connection.sendall(body[100:])
        answer = b""
        while part := connection.recv(65536):
            answer += part
    status, _, rest = answer.partition(b"\r\n")
    assert status.split()[1] == b"202", answer
    assert b"connection: close" in rest.lower()
    assert service.wait_for_end(10) == 0
    event = json.loads(rest.partition(b"\r\n\r\n")[2])["id"]
    service.start()
    assert [found["id"] for found in tenant.owner.every(f"{tenant.path}/events")] == [event]
